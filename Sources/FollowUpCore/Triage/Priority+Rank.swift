extension Priority {
  /// 0 for urgent, 1 for soon, 2 for routine: the order of triage (R17), and how rows store it.
  package var rank: Int {
    switch self {
    case .urgent: 0
    case .soon: 1
    case .routine: 2
    }
  }

  package init?(rank: Int) {
    switch rank {
    case 0: self = .urgent
    case 1: self = .soon
    case 2: self = .routine
    default: return nil
    }
  }
}
