/// `[roles.NAME]`: people who share work, and how much of it they can do in a day (R19).
package struct Role: Sendable, Hashable {
  package enum NotifyWhen: String, CaseIterable, Sendable, Hashable {
    case urgent, all
  }

  package var dailyCapacity = 20
  /// The part of the capacity kept for urgent tasks, in percent.
  package var reservePercent = 20
  /// E-mail addresses that hear of tasks: ids and reasons, no patient data.
  package var notify: [String] = []
  package var notifyWhen = NotifyWhen.urgent
  /// When the day's list is sent to `notify`, on the clinic's clock.
  package var digest = CivilTime.literal("08:00")

  package init() {}

  /// The roles that exist without being written.
  package static let always = ["front-desk": Role(), "nurse": Role()]
}

/// `[staff.NAME]`: a person who works at the clinic.
package struct Staff: Sendable, Hashable {
  package var title: String
  /// Names of roles.
  package var roles: [String] = []
  /// Users of this machine as whom they work.
  package var users: [String] = []

  package init(title: String) { self.title = title }
}

/// `[clinicians.NAME]`: whom patients come to see.
package struct Clinician: Sendable, Hashable {
  package var title: String

  package init(title: String) { self.title = title }
}
