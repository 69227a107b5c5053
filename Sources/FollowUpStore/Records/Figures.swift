package import FollowUpCore

/// What `status` counts.
package struct Figures: Sendable, Equatable {
  package var patients = 0
  package var followUps: [FollowUpStatus: Int] = [:]
  package var occurrences: [OccurrenceStatus: Int] = [:]
  /// Those that are not final.
  package var reminders: [ReminderState: Int] = [:]
  /// Since the day began in the clinic's zone.
  package var sentToday = 0
  package var failedToday = 0
  /// The earliest instant at which a reminder should have been looked at, if that is past.
  package var oldestDue: Instant?
  /// The earliest instant at which anything is looked at.
  package var nextWake: Instant?
  package var openTasks = 0
  package var urgentTasks = 0
  package var overdueTasks = 0
  /// A role's, and nobody has taken them.
  package var unownedTasks = 0

  package init() {}
}

/// A page of a list.
package struct Page<Item: Sendable>: Sendable {
  package var items: [Item]
  /// How many there are in all pages.
  package var total: Int
  /// What to ask for as `after` to get the page that follows; nil on the last one.
  package var next: String?

  package init(items: [Item], total: Int, next: String? = nil) {
    self.items = items
    self.total = total
    self.next = next
  }
}
