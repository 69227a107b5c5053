/// The checks that a reminder failed when it was last decided, as its row keeps them: `5:held 8:outside-hours` (R12).
package struct ClearanceRecord: Sendable, Hashable {
  /// A check that failed, and why.
  package struct Failure: Sendable, Hashable {
    package var check: ClearanceCheck
    package var reason: Reason

    package init(check: ClearanceCheck, reason: Reason) {
      self.check = check
      self.reason = reason
    }
  }

  /// In the order of the checks; the first decided. Never empty.
  package private(set) var failures: [Failure]

  /// Nil if nothing failed.
  package init?(_ clearance: Clearance) {
    self.init(clearance.failures.map { Failure(check: $0.check, reason: $0.reason) })
  }

  /// The one check that answers with `reason`: what an act that ended a reminder says of it. Nil if no check does.
  package init?(_ reason: Reason) {
    guard let check = ClearanceCheck(answering: reason) else { return nil }
    failures = [Failure(check: check, reason: reason)]
  }

  /// Nil if it is no text that `stored` made.
  package init?(stored: String) {
    var failures: [Failure] = []
    for part in stored.split(separator: " ", omittingEmptySubsequences: false) {
      guard let colon = part.firstIndex(of: ":"),
        let check = Int(part[..<colon]).flatMap(ClearanceCheck.init(rawValue:)),
        let reason = Reason(rawValue: String(part[part.index(after: colon)...]))
      else { return nil }
      failures.append(Failure(check: check, reason: reason))
    }
    self.init(failures)
  }

  private init?(_ failures: [Failure]) {
    guard !failures.isEmpty else { return nil }
    self.failures = failures
  }

  package var stored: String { failures.map { "\($0.check.rawValue):\($0.reason.rawValue)" }.joined(separator: " ") }

  /// Why a check failed; nil if it passed.
  package func reason(of check: ClearanceCheck) -> Reason? { failures.first { $0.check == check }?.reason }
}

extension ClearanceCheck {
  /// The check that has `reason` in R12's table; nil for what no check says.
  package init?(answering reason: Reason) {
    switch reason {
    case .deceased, .inactive: self = .patient
    case .moved, .confirmed, .declined, .rearrange, .callMe, .unconfirmed, .completed, .missed, .cancelled, .open:
      self = .occurrence
    case .expired: self = .expiry
    case .callOnly: self = .callOnly
    case .held, .closed, .backlog, .clock, .paused: self = .pause
    case .noContact, .noConsent, .stopped, .bounced, .wrongNumber: self = .contact
    case .noTemplate, .notReviewed: self = .text
    case .outsideHours, .noPermittedTime: self = .hours
    case .budget: self = .budget
    case .late, .later, .planChanged, .retry, .deliveryFailed, .uncertainDelivery, .recomposed, .withdrawn, .unreadable,
      .droppedByStaff, .trial:
      return nil
    }
  }
}
