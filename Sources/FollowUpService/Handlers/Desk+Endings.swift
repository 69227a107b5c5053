internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpStore

/// What ends an occurrence (R14): completing, missing, cancelling.
extension Desk {
  func complete(_ request: CompleteFollowUps.Request) throws -> CompleteFollowUps.Reply {
    let ids = request.ids ?? []
    guard (request.day == nil) != ids.isEmpty else {
      throw ControlError(
        .usage, what: verb, why: ids.isEmpty ? "no follow-up is named" : "ids and --day exclude each other",
        hint: "write IDs, or --day D", field: ids.isEmpty ? "ids" : "day")
    }
    guard let text = request.day else { return try end(.completed, ids, request) }
    let day = try day(text, "day")
    let zone = try clinicZone()
    let start = zone.instant(of: CivilDateTime(date: day, time: .midnight))
    let next = zone.instant(of: CivilDateTime(date: day.adding(days: 1), time: .midnight))
    return try changeList(request, mayAsk: true) { transaction, withdrawing in
      let occurrences = try transaction.expectedOccurrences(from: start, before: next)
      var effect = try end(.completed, occurrences, by: nil, fields: [], transaction, withdrawing)
      effect.asks = !occurrences.isEmpty
      effect.question = "Mark \(counted(occurrences.count, "visit")) of \(WhenParser.day(day)) as completed?"
      if occurrences.isEmpty { effect.said = ["nothing is open on \(WhenParser.day(day))"] }
      return effect
    }
  }

  func miss(_ request: MissFollowUps.Request) throws -> MissFollowUps.Reply {
    try end(.missed, request.ids, request)
  }

  func cancel(_ request: CancelFollowUps.Request) throws -> CancelFollowUps.Reply {
    let cause: Cause = try request.by.map { try word($0, "by") } ?? .clinic
    let scope: CancelScope = try request.scope.map { try word($0, "scope") } ?? .this
    let reason = try request.reason.map { try line($0, "reason", longest: 200) }
    return try end(
      .cancelled, request.ids, request, scope: scope, by: cause, reason: reason,
      fields: ["by=\(cause.rawValue)"] + (request.reason == nil ? [] : ["reason"]))
  }

  /// How much of a series a cancel ends.
  enum CancelScope: String, CaseIterable { case this, following, series }

  private func end(
    _ status: OccurrenceStatus, _ ids: [String], _ request: some ActingRequest, scope: CancelScope = .this,
    by cause: Cause? = nil, reason: String? = nil, fields: [String] = []
  ) throws -> ChangedList<FollowUpView> {
    guard !ids.isEmpty else {
      throw ControlError(.usage, what: verb, why: "no follow-up is named", hint: "write one or more IDs", field: "ids")
    }
    guard ids.count <= Self.mostIDs else {
      throw ControlError.invalid(verb, "ids", "\(ids.count) ids are too many at once", "give \(Self.mostIDs) at most")
    }
    return try changeList(request, mayAsk: ids.count > 1 || scope != .this) { transaction, withdrawing in
      var failures: [Failure] = []
      var chosen = Chosen()
      for id in ids {
        do {
          try choose(id, scope, status, &chosen, in: transaction)
        } catch let error as ControlError where ids.count > 1 {
          failures.append(Failure(error, id: id))
        }
      }
      var ended: [String] = []
      for (id, key) in chosen.rules.sorted(by: { $0.key < $1.key }) {
        guard try endRule(of: id, before: key, in: transaction) else { continue }
        ended.append("\(SubjectID.followUp(id)) repeats no more from \(CivilDate(key).map(Self.day) ?? key) on")
      }
      var effect = try end(
        status, chosen.occurrences, by: cause, reason: reason, fields: fields, ending: Set(chosen.rules.keys),
        transaction,
        withdrawing)
      for id in chosen.rules.keys where !chosen.occurrences.contains(where: { $0.followUpID == id }) {
        try transaction.touch(followUp: id, now: now)
        effect.thing.append(try view(followUp: id, in: transaction))
      }
      for id in chosen.unmarked.keys.sorted() where !effect.thing.contains(where: { $0.id == SubjectID.followUp(id) }) {
        effect.thing.append(try view(followUp: id, in: transaction))
      }
      effect.failures = failures
      effect.said += ended
      effect.said += chosen.unmarked.sorted { $0.key < $1.key }.map { id, count in
        let many = count > 1
        return "\(SubjectID.followUp(id)): \(counted(count, "past date")) \(many ? "stay" : "stays") unmarked: "
          + "mark \(many ? "them" : "it") completed or missed"
      }
      if effect.count == 0 { effect.count = ended.count }
      effect.asks = effect.count > 1 || (ids.count > 1 || !ended.isEmpty) && effect.isChange
      effect.question =
        ended.isEmpty
        ? "Mark these \(effect.count) as \(status.rawValue)?" : "Cancel all of this and make no more dates?"
      return effect
    }
  }

  private static let mostIDs = 1000

  /// What ids and a scope mean.
  private struct Chosen {
    var occurrences: [Occurrence] = []
    /// The rules that end, each with the key from which on it yields no more.
    var rules: [Int64: String] = [:]
    /// How many dates of a series are left as they are, for they have passed and perhaps took place.
    var unmarked: [Int64: Int] = [:]
  }

  /// Adds what an id and a scope mean, none of it over in another way.
  private func choose(
    _ id: String, _ scope: CancelScope, _ status: OccurrenceStatus, _ chosen: inout Chosen, in transaction: Transaction
  ) throws {
    let (followUp, occurrence) = try meant(id, in: transaction)
    var found: [Occurrence] = []
    if scope != .this {
      let all = try transaction.occurrences(followUp: followUp.id)
      let isOneOfMany = followUp.rule != nil || all.count > 1
      let isNamed = try !isOneOfMany || self.followUp(id, in: transaction).key != nil
      // Dates that were kept when the rule went are of the series still.
      found = all.filter { !$0.status.isOver && (scope == .series || $0.key >= occurrence.key) }
      let past = found.filter { $0.anchorAt <= now && !(isNamed && $0.id == occurrence.id) }
      found.removeAll { date in past.contains { $0.id == date.id } }
      if !past.isEmpty { chosen.unmarked[followUp.id] = past.count }
      let afterPast = past.compactMap { CivilDate($0.key) }.max()?.adding(days: 1).description
      let first = found.map(\.key).min() ?? afterPast ?? occurrence.key
      let from = scope == .following && isNamed ? occurrence.key : first
      if followUp.rule != nil, followUp.makesDates || !found.isEmpty {
        chosen.rules[followUp.id] = min(from, chosen.rules[followUp.id] ?? from)
      }
    }
    if found.isEmpty, chosen.rules[followUp.id] == nil, chosen.unmarked[followUp.id] == nil {
      if occurrence.status.isOver, occurrence.status != status {
        throw alreadyClosed(occurrence, try spelled(followUp, occurrence, in: transaction))
      }
      found = [occurrence]
    }
    chosen.occurrences += found.filter { new in !chosen.occurrences.contains { $0.id == new.id } }
  }

  private func end(
    _ status: OccurrenceStatus, _ occurrences: [Occurrence], by cause: Cause?, reason: String? = nil, fields: [String],
    ending: Set<Int64> = [], _ transaction: Transaction, _ withdrawing: any Withdrawing
  ) throws -> Effect<[FollowUpView]> {
    var said: [String] = []
    var count = 0
    var order: [Int64] = []
    for var occurrence in occurrences {
      guard let followUp = try transaction.followUp(id: occurrence.followUpID) else {
        throw ControlError.unexpected(verb)
      }
      let id = try spelled(followUp, occurrence, in: transaction)
      if !order.contains(occurrence.followUpID) { order.append(occurrence.followUpID) }
      guard occurrence.status != status else {
        said.append("\(id) is \(status.rawValue) already")
        continue
      }
      try transaction.withdrawClaims(.occurrence(occurrence.id), via: withdrawing, now: now)
      occurrence.status = status
      if let cause { occurrence.causedBy = cause }
      if let reason { occurrence.causeReason = reason }
      try transaction.update(occurrence, now: now)
      try transaction.settle(occurrence: occurrence.id, now: now)
      try extend(series: occurrence.followUpID, in: transaction)
      try transaction.touch(followUp: occurrence.followUpID, now: now)
      try record(transaction, occurrence.subject, ["status=\(status.rawValue)"] + fields)
      let name = try transaction.patient(id: followUp.patientID)?.name ?? ""
      let when = when(occurrence)
      let isEnding = ending.contains(followUp.id)
      let next = isEnding ? "" : try next(followUp, after: occurrence, in: transaction)
      said.append("\(id) for \(name), \(when): \(status.rawValue)\(next)")
      count += 1
    }
    return Effect(try order.map { try view(followUp: $0, in: transaction) }, count: count, said: said)
  }
}

extension Failure {
  init(_ error: ControlError, id: String) {
    self.init(id: id, code: error.kind.code, what: error.what, why: error.why, hint: error.hint)
  }
}
