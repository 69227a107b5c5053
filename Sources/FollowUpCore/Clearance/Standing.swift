/// How an occurrence stands to what a step's `when` names (R12, check 2; R14).
package enum Standing: Sendable, Equatable {
  case applies
  /// Not now, but it may yet: a `missed` or `completed` step of an occurrence that is still open.
  case notYet
  /// It does not apply now; `forGood` if nothing can change that.
  case not(Reason, forGood: Bool)

  package static func of(_ when: StepWhen, status: OccurrenceStatus, answer: Answer) -> Standing {
    switch when {
    case .unconfirmed:
      if status == .open && answer == .none { return .applies }
      return .not(reason(status, answer), forGood: true)
    case .expected:
      if !status.isOver { return .applies }
      return .not(reason(status, answer), forGood: true)
    case .confirmed:
      if status == .confirmed { return .applies }
      if status == .open { return .not(answer == .none ? .unconfirmed : reason(status, answer), forGood: false) }
      return .not(reason(status, answer), forGood: true)
    case .missed, .completed:
      if status == (when == .missed ? .missed : .completed) { return .applies }
      return status.isOver ? .not(reason(status, answer), forGood: true) : .notYet
    }
  }

  /// The word for why: the status if it says something, else the answer.
  private static func reason(_ status: OccurrenceStatus, _ answer: Answer) -> Reason {
    switch status {
    case .confirmed: return .confirmed
    case .completed: return .completed
    case .missed: return .missed
    case .cancelled: return .cancelled
    case .open:
      switch answer {
      case .none: return .unconfirmed
      case .yes: return .confirmed
      case .no: return .declined
      case .rearrange: return .rearrange
      case .callMe: return .callMe
      }
    }
  }
}
