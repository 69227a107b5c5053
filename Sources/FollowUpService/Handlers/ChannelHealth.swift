package import FollowUpCore
package import FollowUpStore

/// How a channel's adapter fares, as `status` shows it.
package struct ChannelHealth: Sendable, Equatable {
  package var name: String
  package var adapter: String
  /// `ok`, `paused`, `opening`, `held`.
  package var state: String
  package var why: String?
  package var since: Instant?
  package var nextProbe: Instant?
  /// The stable code of what went wrong, where that is not staff's will.
  package var code: String?
  /// The hold that keeps it.
  package var hold: String?

  package init(
    name: String, adapter: String, state: String, why: String? = nil, since: Instant? = nil, nextProbe: Instant? = nil,
    code: String? = nil, hold: String? = nil
  ) {
    self.name = name
    self.adapter = adapter
    self.state = state
    self.why = why
    self.since = since
    self.nextProbe = nextProbe
    self.code = code
    self.hold = hold
  }

  /// A hold goes before whatever its destination does.
  package init(
    _ channel: ChannelSettings, hold: Hold?, destination: DestinationHealth, nextProbe: Instant?
  ) {
    self.init(name: channel.name, adapter: channel.adapter.kind, state: "ok")
    if let hold {
      state = "held"
      why = hold.reason
      since = hold.createdAt
      code = hold.faultCode
      self.hold = SubjectID.hold(hold.id)
      return
    }
    switch destination {
    case .open: break
    case .paused(let pause):
      state = "paused"
      why = FaultWords(code: pause.why, channel: name).reason(code: pause.why)
      since = pause.since
      code = pause.why
      self.nextProbe = nextProbe
    case .opening(let opening):
      state = "opening"
      why = "it answers again, and is given more by and by"
      since = opening.since
    }
  }

  /// Somebody has to look.
  package var isUneasy: Bool { state == "paused" || state == "held" }

  /// What to do about it; nil: nothing.
  package var action: String? {
    guard isUneasy else { return nil }
    let resume = "'followupctl channel resume \(name)'"
    guard let code else { return "\(resume) once it may send again" }
    let words = FaultWords(code: code, channel: name)
    if words.isOurs {
      return "\(words.remedy), then 'followupctl reload' (restart the daemon after a change of a credential)"
        + (state == "held" ? " and \(resume)" : "; \(resume) tries now")
    }
    return "\(words.remedy); "
      + (state == "held" ? "then \(resume)" : "it is tried again by itself, and by \(resume) now")
  }
}

extension FaultWords {
  /// `connect-refused: the server takes no connection`
  func reason(code: String) -> String { "\(code): \(why)" }
}

extension Hold {
  /// The code of the fault for which the daemon itself holds a channel; nil for what somebody decided.
  package var faultCode: String? {
    guard kind == .channel, createdBy == Actor.daemon.staff else { return nil }
    return reason.firstIndex(of: ":").map { String(reason[..<$0]) }
  }
}
