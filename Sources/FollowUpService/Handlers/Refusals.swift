internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpStore
internal import FollowUpSystem

extension Desk {
  /// Throws unless the caller has `right`; the refusal is on record.
  func require(_ right: Right) throws {
    guard caller.rights.contains(right) else { throw try refusal(of: right) }
  }

  /// The error for a caller without `right`, after it was recorded.
  func refusal(of right: Right) throws -> ControlError {
    let group = settings.group(granting: right)
    try noteRefusal(needs: group)
    return ControlError(
      .notPermitted, what: verb, why: "the user \(caller.user) is not in the group '\(group)'",
      hint: "ask the administrator to add them to it, or work as one who is")
  }

  func noteRefusal(needs group: String) throws {
    service.refused(method: verb, needs: group, uid: caller.peer.uid)
    try context.store.write { transaction in
      try record(transaction, "clinic", ["method=\(verb)", "needs=\(group)"], verb: "refused")
    }
  }
}

extension ControlError {
  /// A fault of the program itself.
  static func unexpected(_ what: String) -> ControlError {
    ControlError(.internal, what: what, why: "the daemon could not do it", hint: "see 'journalctl -u followupd'")
  }

  static func invalid(_ what: String, _ field: String?, _ why: String, _ hint: String) -> ControlError {
    ControlError(.invalid, what: what, why: why, hint: hint, field: field)
  }
}

extension String {
  /// What was typed, for an error to repeat: one short line without control characters.
  var shown: String {
    let plain = String(String.UnicodeScalarView(unicodeScalars.filter { !$0.isInvisible }))
    return plain.count > 60 ? String(plain.prefix(60)) + "…" : plain
  }
}

extension Unicode.Scalar {
  /// Control characters, and format characters such as those that turn the direction of writing.
  var isInvisible: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
    default: false
    }
  }
}

extension ControlError {
  /// R6: nothing is written under a time that may be wrong.
  static func clockNotBelieved(_ verb: String) -> ControlError {
    ControlError(
      .later, what: verb, why: "the machine's clock is not believed",
      hint: "set the clock; if it is right, an administrator writes 'followupctl release clock'")
  }
}
