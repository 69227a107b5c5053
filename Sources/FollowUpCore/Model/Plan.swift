internal import FoundationEssentials

/// The cadence that a clinic wrote for a kind of follow-up.
package struct Plan: Hashable, Codable, Sendable {
  package var name: String
  /// For staff; in a message only where it is harmless (M3).
  package var title: String
  package var harmlessTitle: Bool
  package var priority: Priority
  /// The time of an anchor that is given as a date alone.
  package var defaultTime: CivilTime
  package var taskOwner: Owner
  /// A person calls; nothing is sent (R12, check 4).
  package var callOnly: Bool
  package var onDoubt: DoubtPolicy
  /// The visit is attached as text/calendar.
  package var calendar: Bool
  /// How long after its instant a reminder is late (R10).
  package var lateAfter: TimeSpan
  package var steps: [Step]
  package var escalation: Escalation?
  /// The ladder: how long silence is waited out before the next contact; nil: no ladder on silence.
  package var thenAfter: TimeSpan?

  package init(
    name: String, title: String, harmlessTitle: Bool = false, priority: Priority = .routine,
    defaultTime: CivilTime = .literal("09:00"), taskOwner: Owner = .frontDesk, callOnly: Bool = false,
    onDoubt: DoubtPolicy = .resend, calendar: Bool = false, lateAfter: TimeSpan = .literal("15m"), steps: [Step] = [],
    escalation: Escalation? = nil, thenAfter: TimeSpan? = nil
  ) {
    self.name = name
    self.title = title
    self.harmlessTitle = harmlessTitle
    self.priority = priority
    self.defaultTime = defaultTime
    self.taskOwner = taskOwner
    self.callOnly = callOnly
    self.onDoubt = onDoubt
    self.calendar = calendar
    self.lateAfter = lateAfter
    self.steps = steps
    self.escalation = escalation
    self.thenAfter = thenAfter
  }

  /// The step of that id; of a rung's, the step that it follows.
  package func step(_ id: String) -> Step? {
    let base = Rung.base(of: id)
    return steps.first { $0.id == base }
  }

  /// The text that a plan version keeps: JSON with sorted keys, the same for equal plans.
  package func stored() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }

  /// - Throws: `DecodingError` if the text is none that `stored()` made.
  package init(stored: String) throws {
    self = try JSONDecoder().decode(Plan.self, from: Data(stored.utf8))
  }
}

/// What is done with a message that may or may not have arrived (`delivery.md`, Doubt).
package enum DoubtPolicy: String, CaseIterable, Codable, Sendable {
  case resend
  /// Staff decide.
  case ask
}

/// When a person calls because the patient has not answered.
package struct Escalation: Hashable, Codable, Sendable {
  package var after: StepOffset
  package var to: Owner
  /// Whether routine follow-ups escalate too.
  package var routine: Bool

  package init(after: StepOffset, to: Owner, routine: Bool = false) {
    self.after = after
    self.to = to
    self.routine = routine
  }
}
