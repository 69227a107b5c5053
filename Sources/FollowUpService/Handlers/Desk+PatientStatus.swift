internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpStore

extension Desk {
  /// R15: shows the name and what ends; agreed to, it ends everything.
  func markDeceased(_ request: MarkDeceased.Request) throws -> MarkDeceased.Reply {
    try changeOne(request, mayAsk: true) { transaction, withdrawing in
      var patient = try patient(request.who, in: transaction)
      guard patient.status != .deceased else {
        return .none(try view(patient, in: transaction), "\(patient.ref) is recorded as deceased already")
      }
      let expected = try transaction.expectedOccurrences(patient: patient.id)
      let lines = try expected.map { try describe($0, in: transaction) }
      let tasks = try transaction.openTasks(patient: patient.id)
      patient.status = .deceased
      try transaction.update(patient, now: now)
      try transaction.withdrawClaims(.patient(patient.id), via: withdrawing, now: now)
      try transaction.endSeries(patient: patient.id)
      for var occurrence in try transaction.unsettledOccurrences(patient: patient.id) {
        if !occurrence.status.isOver {
          occurrence.status = .cancelled
          try transaction.update(occurrence, now: now)
        }
        try transaction.settle(occurrence: occurrence.id, now: now)
        try transaction.touch(followUp: occurrence.followUpID, now: now)
      }
      try transaction.closeTasks(patient: patient.id, by: actor.staff, now: now)
      try record(
        transaction, SubjectID.patient(patient.id),
        ["status=deceased"] + expected.map { "\($0.subject)=cancelled" })
      var effect = Effect(
        try view(stored: patient.id, in: transaction),
        said: [
          "\(patient.name) (\(patient.ref)) is recorded as deceased; "
            + "\(counted(expected.count, "follow-up")) and \(counted(tasks.count, "task")) ended"
        ])
      effect.lines =
        ["\(patient.name) (\(patient.ref)) is recorded as deceased"] + lines.map { "cancelled: \($0)" }
        + tasks.map { "closed: \(SubjectID.task($0.id)) \($0.reason.rawValue)" }
      effect.touched = 1 + expected.count + tasks.count
      effect.asks = true
      effect.question = "Record that \(patient.name) has died?"
      return effect
    }
  }

  func inactivate(_ request: InactivatePatient.Request) throws -> InactivatePatient.Reply {
    if let reason = request.reason { _ = try line(reason, "reason", longest: 200) }
    return try changeOne(request, mayAsk: true) { transaction, withdrawing in
      var patient = try patient(request.who, in: transaction)
      try refuseDeceased(patient)
      guard patient.status == .active else {
        return .none(try view(patient, in: transaction), "\(patient.ref) is inactive already")
      }
      let expected = try transaction.expectedOccurrences(patient: patient.id)
      let lines = try expected.map { "no more reminders: " + (try describe($0, in: transaction)) }
      patient.status = .inactive
      try transaction.update(patient, now: now)
      try transaction.withdrawClaims(.patient(patient.id), via: withdrawing, now: now)
      for occurrence in try transaction.unsettledOccurrences(patient: patient.id) {
        try transaction.settle(occurrence: occurrence.id, now: now)
      }
      try record(
        transaction, SubjectID.patient(patient.id), ["status=inactive"] + (request.reason == nil ? [] : ["reason"]))
      var effect = Effect(
        try view(stored: patient.id, in: transaction),
        said: ["\(patient.name) (\(patient.ref)) is inactive; nothing more is sent"])
      effect.lines = effect.said + lines
      effect.touched = 1 + expected.count
      effect.asks = expected.count > 1
      effect.question = "Stop all reminders of \(patient.name)?"
      return effect
    }
  }

  func activate(_ request: ActivatePatient.Request) throws -> ActivatePatient.Reply {
    if let reason = request.reason { _ = try line(reason, "reason", longest: 200) }
    return try changeOne(request) { transaction, _ in
      var patient = try patient(request.who, in: transaction)
      try refuseDeceased(patient)
      guard patient.status == .inactive else {
        return .none(try view(patient, in: transaction), "\(patient.ref) is active already")
      }
      patient.status = .active
      try transaction.update(patient, now: now)
      let ahead = try transaction.expectedOccurrences(patient: patient.id).filter { $0.anchorAt > now }
      for occurrence in ahead { try planAnew(occurrence, in: transaction) }
      for followUp in try transaction.followUps(patient: patient.id, status: .active) where followUp.rule != nil {
        try resume(series: followUp.id, in: transaction)
      }
      try record(
        transaction, SubjectID.patient(patient.id), ["status=active"] + (request.reason == nil ? [] : ["reason"]))
      return Effect(
        try view(stored: patient.id, in: transaction),
        said: ["\(patient.name) (\(patient.ref)) is active; \(counted(ahead.count, "follow-up")) planned anew"])
    }
  }

  /// Only `patient alive` brings a patient back (R15).
  func refuseDeceased(_ patient: Patient) throws {
    guard patient.status == .deceased else { return }
    throw ControlError(
      .conflict, what: "patient \(patient.ref)", why: "the patient is recorded as deceased",
      hint: "look with 'followupctl patient show \(patient.ref)'; this release cannot take a death back",
      existing: patient.ref)
  }

  func view(stored id: Int64, in transaction: Transaction) throws -> PatientView {
    guard let patient = try transaction.patient(id: id) else { throw ControlError.unexpected(verb) }
    return try view(patient, in: transaction)
  }

  /// `F-12 appointment, Tue 1 Dec 2026 14:30 MST, in 8 days`
  func describe(_ occurrence: Occurrence, in transaction: Transaction) throws -> String {
    guard let followUp = try transaction.followUp(id: occurrence.followUpID) else {
      throw ControlError.unexpected(verb)
    }
    return "\(try spelled(followUp, occurrence, in: transaction)) \(followUp.plan), \(when(occurrence))"
  }

  func counted(_ count: Int, _ noun: String) -> String {
    "\(count == 0 ? "no" : "\(count)") \(noun)\(count == 1 ? "" : "s")"
  }
}
