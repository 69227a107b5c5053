/// The cadence that a clinic wrote for a kind of follow-up.
package struct PlanView: Codable, Equatable, Sendable {
  package var name: String
  package var title: String
  /// `shipped`, or the file.
  package var source: String
  /// Names the loaded text.
  @Nullable package var version: String?
  package var harmlessTitle: Bool
  package var priority: String
  @Nullable package var defaultTime: String?
  package var taskOwner: String
  package var callOnly: Bool
  package var onDoubt: String
  package var calendar: Bool
  package var lateAfter: String
  package var steps: [StepView]
  @Nullable package var escalate: EscalationView?
  /// The ladder's pause.
  @Nullable package var thenAfter: String?

  package init(
    name: String, title: String, source: String, version: String?, harmlessTitle: Bool, priority: String,
    defaultTime: String?, taskOwner: String, callOnly: Bool, onDoubt: String, calendar: Bool,
    lateAfter: String, steps: [StepView], escalate: EscalationView?, thenAfter: String?
  ) {
    self.name = name
    self.title = title
    self.source = source
    self.version = version
    self.harmlessTitle = harmlessTitle
    self.priority = priority
    self.defaultTime = defaultTime
    self.taskOwner = taskOwner
    self.callOnly = callOnly
    self.onDoubt = onDoubt
    self.calendar = calendar
    self.lateAfter = lateAfter
    self.steps = steps
    self.escalate = escalate
    self.thenAfter = thenAfter
  }
}
