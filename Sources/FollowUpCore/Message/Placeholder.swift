/// What a template may ask for: a closed list (`messages.md`).
package enum Placeholder: String, CaseIterable, Sendable, Hashable {
  case calledName = "patient.calledName"
  case clinicName = "clinic.name"
  case clinicPhone = "clinic.phone"
  case dueDate = "due.date"
  case dueTime = "due.time"
  case dueWeekday = "due.weekday"
  case dueRelative = "due.relative"
  case answerLink = "link.answer"
  case stopLink = "link.stop"
  case planTitle = "plan.title"

  package var sensitivity: Sensitivity {
    switch self {
    case .clinicName, .clinicPhone: .open
    case .calledName: .personal
    case .dueDate, .dueTime, .dueWeekday, .dueRelative: .appointment
    case .answerLink, .stopLink: .secret
    case .planTitle: .medical
    }
  }

  /// The nearest placeholder, for "did you mean".
  package static func nearest(to text: String) -> Placeholder? {
    Spelling.nearest(to: text, among: allCases.map(\.rawValue)).flatMap(Placeholder.init(rawValue:))
  }
}

/// What a stranger who reads a message on a shared phone would learn from a value (M3).
package enum Sensitivity: String, Sendable, Comparable, CaseIterable {
  /// The clinic's own, known to all.
  case open
  /// When someone is expected.
  case appointment
  /// Who that is.
  case personal
  /// Acts for the patient: whoever has it can answer.
  case secret
  /// Why they come: only where the plan says that its title is harmless.
  case medical

  package static func < (a: Sensitivity, b: Sensitivity) -> Bool { a.rank < b.rank }

  private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
