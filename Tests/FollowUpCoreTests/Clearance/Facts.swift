import FollowUpCore

/// Facts of a reminder that may be sent, and the ways in which a test spoils them. All times are UTC.
enum Facts {
  /// A Tuesday, 10:00, in contact hours.
  static let now = Instant(1_796_119_200)
  static let hour: Int64 = 3600

  /// A routine before-step for 48 hours more, with one contact; `change` makes it differ.
  static func sendable(_ change: (inout ClearanceFacts) -> Void = { _ in }) -> ClearanceFacts {
    var facts = ClearanceFacts(
      patient: .active, isCallOnly: false, revision: 1, status: .open, answer: .none, reminderRevision: 1, kind: .step,
      when: .unconfirmed, priority: .routine, expiresAt: now + 48 * hour, contacts: [contact()], hours: .standard,
      zone: .utc, perDay: 2, perWeek: 5)
    change(&facts)
    return facts
  }

  static func contact(
    _ id: Int64 = 1, rank: Int = 1, channel: String = "email", _ change: (inout ContactFacts) -> Void = { _ in }
  ) -> ContactFacts {
    var contact = ContactFacts(
      id: id, channel: channel, rank: rank, consent: .granted, state: .ok, isStopped: false, isServed: true)
    change(&contact)
    return contact
  }
}
