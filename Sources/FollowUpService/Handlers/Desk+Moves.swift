internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpStore

extension Desk {
  /// Another time for an occurrence: a new revision with reminders of its own; its key stays.
  func move(_ request: MoveFollowUp.Request) throws -> MoveFollowUp.Reply {
    let cause: Cause = try request.by.map { try word($0, "by") } ?? .clinic
    return try changeOne(request) { transaction, withdrawing in
      var (followUp, occurrence) = try meant(request.id, in: transaction)
      let id = try spelled(followUp, occurrence, in: transaction)
      if occurrence.status.isOver { throw alreadyClosed(occurrence, id) }
      let zone = try zone(named: occurrence.zone)
      let anchor = try anchor(
        request.when, zone: zone, defaultTime: (civil(of: occurrence) ?? occurrence.anchor).time,
        allowPast: request.allowPast,
        anyHour: request.anyHour)
      guard anchor != occurrence.anchor || !occurrence.isAnchorReadable else {
        return .none(
          try view(followUp, in: transaction), "\(id) is at \(echo(anchor, zone)) already; nothing to change")
      }
      try transaction.withdrawClaims(.occurrence(occurrence.id), via: withdrawing, now: now)
      place(&occurrence, at: anchor, zone, by: cause)
      try transaction.update(occurrence, now: now)
      try transaction.closeTasksOfFormerDate(occurrence: occurrence.id, now: now)
      try transaction.plan(occurrence: occurrence.id, settings: settings, zones: context.zones, now: now)
      try transaction.settle(occurrence: occurrence.id, now: now)
      try transaction.touch(followUp: followUp.id, now: now)
      try record(
        transaction, occurrence.subject,
        ["anchor", "revision=\(occurrence.revision)", "by=\(cause.rawValue)"]
          + (request.silent == true ? ["silent"] : []))
      followUp = try transaction.followUp(id: followUp.id) ?? followUp
      guard let patient = try transaction.patient(id: followUp.patientID) else { throw ControlError.unexpected(verb) }
      let prospect = try prospect(of: [occurrence], in: transaction)
      return Effect(
        try view(followUp, in: transaction), said: [try told(followUp, occurrence, patient, prospect, as: id)])
    }
  }

  /// R14: a move by the clinic asks the patient anew; one by the patient stays confirmed.
  func place(_ occurrence: inout Occurrence, at anchor: CivilDateTime, _ zone: Zone, by cause: Cause) {
    occurrence.anchor = anchor
    occurrence.zone = zone.name
    occurrence.anchorAt = zone.instant(of: anchor)
    occurrence.revision += 1
    occurrence.causedBy = cause
    if cause == .clinic || occurrence.status != .confirmed {
      occurrence.status = .open
      occurrence.answer = .none
      occurrence.answeredAt = nil
      occurrence.answerVia = nil
      occurrence.answeredBy = nil
    }
  }
}
