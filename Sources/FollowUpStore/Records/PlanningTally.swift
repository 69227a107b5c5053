/// What planning anew did, or would do, to reminders.
package struct PlanningTally: Sendable, Equatable {
  /// They were not to be sent, and now are.
  package var added = 0
  /// They are sent at another instant.
  package var moved = 0
  /// They were to be sent, and now are not.
  package var cancelled = 0
  /// Occurrences of which anything changed.
  package var occurrences = 0
  /// Occurrences that could not be planned, for a zone of theirs cannot be read.
  package var unreadable = 0

  package init() {}

  package var isEmpty: Bool { added + moved + cancelled == 0 }

  package static func += (a: inout PlanningTally, b: PlanningTally) {
    a.added += b.added
    a.moved += b.moved
    a.cancelled += b.cancelled
    a.occurrences += b.occurrences
    a.unreadable += b.unreadable
  }
}
