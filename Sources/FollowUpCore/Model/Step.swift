/// One reminder of a plan.
package struct Step: Hashable, Codable, Sendable {
  /// Unique in the plan; left out in the configuration, the text of `at`.
  package var id: String
  package var at: StepOffset
  /// The name of a template, without its language.
  package var template: String
  /// The occurrences that it is for (R12, check 2).
  package var when: StepWhen
  /// What becomes of it when it is late (R10).
  package var late: LatePolicy
  /// How long after its planned instant it is of use (R9); nil: until the anchor, or 48 hours.
  package var useful: TimeSpan?

  package init(
    id: String, at: StepOffset, template: String, when: StepWhen = .unconfirmed, late: LatePolicy = .send,
    useful: TimeSpan? = nil
  ) {
    self.id = id
    self.at = at
    self.template = template
    self.when = when
    self.late = late
    self.useful = useful
  }
}

/// The status and answer that an occurrence must have for a step of it to be sent (R12).
package enum StepWhen: String, CaseIterable, Codable, Sendable {
  /// Open, without an answer.
  case unconfirmed
  /// Open or confirmed.
  case expected
  case confirmed
  case missed
  case completed
}

/// What becomes of a late step (R10).
package enum LatePolicy: String, CaseIterable, Codable, Sendable {
  case send
  /// Dropped, with the reason `late`.
  case skip
  /// A task at once.
  case ask
}
