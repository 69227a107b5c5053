/// How soon a person must look if it goes wrong: the first key of triage (R17). The more pressing sorts first.
package enum Priority: String, CaseIterable, Codable, Sendable, Comparable {
  case urgent, soon, routine

  package static func < (a: Priority, b: Priority) -> Bool { a.rank < b.rank }

  /// One step nearer to `urgent` (R19: unreachable).
  package var raised: Priority {
    switch self {
    case .urgent, .soon: .urgent
    case .routine: .soon
    }
  }

  /// 0, 1, 2: how rows store it, so that an index sorts by triage.
  package var rank: Int {
    switch self {
    case .urgent: 0
    case .soon: 1
    case .routine: 2
    }
  }
}
