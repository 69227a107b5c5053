internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpStore

extension Desk {
  /// R14: any answer ends the reminders that ask for one; an answer other than `yes` becomes a person's task.
  func recordAnswer(_ request: RecordAnswer.Request) throws -> RecordAnswer.Reply {
    let answer: Answer = try word(request.answer, "answer")
    guard answer != .none else {
      throw ControlError.invalid(verb, "answer", "'none' is no answer", "write yes, no, rearrange or call-me")
    }
    let via: AnswerVia? = try request.via.map { try word($0, "via") }
    return try changeOne(request) { transaction, withdrawing in
      var (followUp, occurrence) = try meant(request.id, in: transaction)
      let id = try spelled(followUp, occurrence, in: transaction)
      if occurrence.status.isOver { throw alreadyClosed(occurrence, id) }
      let status: OccurrenceStatus = answer == .yes ? .confirmed : .open
      guard occurrence.answer != answer || occurrence.status != status else {
        return .none(try view(followUp, in: transaction), "\(id) has this answer already: \(Self.words(answer))")
      }
      try transaction.withdrawClaims(.occurrence(occurrence.id), via: withdrawing, now: now)
      occurrence.status = status
      occurrence.answer = answer
      occurrence.answeredAt = now
      occurrence.answerVia = via
      occurrence.answeredBy = actor.staff
      try transaction.update(occurrence, now: now)
      try transaction.settle(occurrence: occurrence.id, now: now)
      let asked = Self.task(for: answer)
      try transaction.closeTasks(
        of: occurrence.id, [TaskReason.declined, .rearrange, .callMe].filter { $0 != asked }, now: now)
      if let asked {
        try transaction.openTask(
          NewTask(
            subject: occurrence.subject, reason: asked, patientID: followUp.patientID, occurrenceID: occurrence.id,
            priority: followUp.priority, owner: followUp.owner.description,
            dueAt: taskDue(
              followUp.priority, now: now, anchor: occurrence.anchorAt, settings: settings, zones: context.zones)),
          now: now)
      }
      try transaction.touch(followUp: followUp.id, now: now)
      try record(
        transaction, occurrence.subject,
        ["answer=\(answer.rawValue)", "status=\(status.rawValue)"] + (via.map { ["via=\($0.rawValue)"] } ?? []))
      followUp = try transaction.followUp(id: followUp.id) ?? followUp
      let name = try transaction.patient(id: followUp.patientID)?.name ?? ""
      let when = when(occurrence)
      let next = asked == nil ? "" : "; \(followUp.owner) has the task"
      return Effect(
        try view(followUp, in: transaction), said: ["\(id) for \(name), \(when): \(Self.words(answer))\(next)"])
    }
  }

  private static func words(_ answer: Answer) -> String {
    switch answer {
    case .none: "no answer"
    case .yes: "confirmed"
    case .no: "declined"
    case .rearrange: "wants another time"
    case .callMe: "wants a call"
    }
  }

  private static func task(for answer: Answer) -> TaskReason? {
    switch answer {
    case .none, .yes: nil
    case .no: .declined
    case .rearrange: .rearrange
    case .callMe: .callMe
    }
  }
}
