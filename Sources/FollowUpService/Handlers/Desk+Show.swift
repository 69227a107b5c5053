internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpStore

extension Desk {
  /// Whatever an id names; a patient's ref too, and WHO where nothing else fits.
  func show(_ request: Show.Request) throws -> Show.Reply {
    let text = request.id.trimmed
    return try read { transaction in
      var reply = try show(text, in: transaction)
      reply.warnings = warnings(in: transaction)
      return reply
    }
  }

  private func show(_ text: String, in transaction: Transaction) throws -> Show.Reply {
    switch TypedID(text) {
    case .followUp, .external:
      if case .external = TypedID(text), let patient = try transaction.patient(ref: text) {
        return Show.Reply(patient: try view(patient, in: transaction))
      }
      let (followUp, key) = try followUp(text, in: transaction)
      if key != nil {
        let occurrence = try meant(text, in: transaction).occurrence
        return Show.Reply(followUp: try view(followUp, [occurrence], in: transaction))
      }
      return Show.Reply(followUp: try view(followUp, in: transaction))
    case .number(let id):
      if let followUp = try transaction.followUp(id: id) {
        return Show.Reply(followUp: try view(followUp, in: transaction))
      }
      if let patient = try transaction.patient(ref: text) {
        return Show.Reply(patient: try view(patient, in: transaction))
      }
      throw notFound(text, "there is no such follow-up")
    case .reminder(let number, let key, let revision, let kind, let step):
      let found = try transaction.listedReminder(
        followUp: number, key: key, revision: revision, kind: kind, step: step)
      guard let found else { throw notFound(text, "there is no such reminder") }
      return Show.Reply(reminder: ReminderView(found))
    case .message(let id): return Show.Reply(message: view(try message(id, in: transaction)))
    case .hold(let id):
      guard let hold = try transaction.hold(id: id) else { throw notFound(text, "there is no such hold") }
      return Show.Reply(hold: try view(hold, in: transaction))
    case .task(let id):
      guard let task = try transaction.listedTask(id: id) else { throw notFound(text, "there is no such task") }
      return Show.Reply(task: try view(task, in: transaction))
    case nil:
      if try transaction.patient(ref: text) == nil, TypedID.isShapedLikeID(text) {
        throw ControlError.invalid(
          verb, "id", "'\(text.shown)' is no id", "write F-12, F-12@2026-12-01, M-7, T-3, H-2 or a patient's ref")
      }
      return Show.Reply(patient: try view(patient(text, in: transaction), in: transaction))
    }
  }
}

extension Show.Reply {
  init(
    patient: PatientView? = nil, followUp: FollowUpView? = nil, reminder: ReminderView? = nil,
    message: MessageView? = nil, hold: HoldView? = nil, task: TaskView? = nil
  ) {
    let kinds: [(String, Bool)] = [
      ("patient", patient != nil), ("followUp", followUp != nil), ("reminder", reminder != nil),
      ("message", message != nil), ("hold", hold != nil), ("task", task != nil),
    ]
    self.init(
      kind: kinds.first(where: \.1)?.0 ?? "", patient: patient, contact: nil, followUp: followUp, reminder: reminder,
      message: message, hold: hold, task: task, plan: nil)
  }
}
