internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpStore

extension Desk {
  /// Every check of R12 for each reminder that is not final, the next first; or for the last one if all are.
  func explain(_ request: Explain.Request) throws -> Explain.Reply {
    try read { transaction in
      let reminders = try reminders(of: request.subject, in: transaction)
      let pending = reminders.filter { !$0.state.isFinal }.sorted {
        ($0.wakeAt ?? $0.plannedAt, $0.id) < ($1.wakeAt ?? $1.plannedAt, $1.id)
      }
      let last = reminders.max { ($0.revision, $0.plannedAt, $0.id) < ($1.revision, $1.plannedAt, $1.id) }
      let chosen = pending.isEmpty ? [last].compactMap { $0 } : pending
      let terms = try clearanceTerms(in: transaction)
      let items = try chosen.prefix(200).map { try explanation(of: $0, terms, in: transaction) }
      return list(items, total: chosen.count, in: transaction)
    }
  }

  /// The reminders that an ID, a reminder's id or WHO means.
  func reminders(of text: String, in transaction: Transaction) throws -> [ListedReminder] {
    let text = text.trimmed
    switch TypedID(text) {
    case .reminder(let number, let key, let revision, let kind, let step):
      let found = try transaction.listedReminder(
        followUp: number, key: key, revision: revision, kind: kind, step: step)
      guard let found else { throw notFound(text, "there is no such reminder") }
      return [found]
    case .message(let id): return try message(id, in: transaction).reminders
    case .followUp, .external: return try remindersOfFollowUp(text, in: transaction)
    case .number(let id):
      // A ref may be a bare number too; the follow-up's comes first, as in every ID.
      if try transaction.followUp(id: id) != nil { return try remindersOfFollowUp(text, in: transaction) }
    case .task, .hold, nil: break
    }
    let patient = try patient(text, in: transaction)
    return try transaction.followUps(patient: patient.id, status: nil).flatMap {
      try transaction.listReminders(followUp: $0.id)
    }
  }

  private func remindersOfFollowUp(_ text: String, in transaction: Transaction) throws -> [ListedReminder] {
    let (followUp, key) = try followUp(text, in: transaction)
    let all = try transaction.listReminders(followUp: followUp.id)
    guard let key else { return all }
    _ = try meant(text, in: transaction)
    return all.filter { $0.occurrenceKey == key }
  }

  /// What clearance goes by at this moment.
  func clearanceTerms(in transaction: Transaction) throws -> ClearanceTerms {
    ClearanceTerms(
      settings: settings, zones: context.zones, isClockBelieved: service.isClockBelieved,
      holds: try transaction.openHolds())
  }

  /// What is decided of a reminder, and when.
  struct Verdict {
    /// `send`, `defer`, `drop`, `staff`.
    var decision: String
    var until: Instant?
    var reason: Reason?
    var answers: [CheckAnswer] = []
  }

  /// What clearance would say when the reminder is looked at next, if nothing changes; of a final one, what was decided.
  func verdict(
    on listed: ListedReminder, _ terms: ClearanceTerms, in transaction: Transaction
  ) throws -> Verdict {
    if listed.state.isFinal { return past(listed) }
    let at = max(now, listed.wakeAt ?? now)
    guard let reminder = try transaction.reminder(listed.id),
      let found = try? transaction.clearanceCase(reminder, terms, at: at)
    else {
      return Verdict(
        decision: "staff", until: at, reason: .unreadable, answers: ClearanceRecord.answers(of: listed.record))
    }
    let clearance = Clearance(found.facts, now: at)
    var verdict = Self.verdict(clearance, at: at)
    if listed.state == .claimed { return Verdict(decision: "send", until: nil, reason: nil, answers: verdict.answers) }
    // What waits since it was decided waits for that reason, though it will pass once its time has come.
    if case .send = clearance.decision, listed.state == .held || listed.state == .deferred, let reason = listed.reason,
      listed.wakeAt.map({ $0 > now }) ?? true
    {
      verdict.decision = "defer"
      verdict.until = listed.wakeAt
      verdict.reason = reason
      for answer in ClearanceRecord.answers(of: listed.record) where answer.reason != nil {
        verdict.answers[answer.check.rawValue - 1] = answer
      }
    }
    return verdict
  }

  private func past(_ listed: ListedReminder) -> Verdict {
    let decision =
      switch listed.state {
      case .sent: "send"
      case .handed, .failed: "staff"
      default: "drop"
      }
    // What planning or an act ended was never before clearance: its reason says which check it would have failed.
    let record = listed.state == .sent ? nil : listed.record ?? listed.reason.flatMap { ClearanceRecord($0) }
    return Verdict(
      decision: decision, until: nil, reason: listed.reason, answers: ClearanceRecord.answers(of: record))
  }

  private static func verdict(_ clearance: Clearance, at: Instant) -> Verdict {
    let answers = clearance.answers
    switch clearance.decision {
    case .send: return Verdict(decision: "send", until: at, reason: nil, answers: answers)
    case .defer(let until, let reason):
      return Verdict(decision: "defer", until: until, reason: reason, answers: answers)
    case .drop(let reason): return Verdict(decision: "drop", until: at, reason: reason, answers: answers)
    case .staff(let reason): return Verdict(decision: "staff", until: at, reason: reason, answers: answers)
    case .expire: return Verdict(decision: "drop", until: at, reason: .expired, answers: answers)
    }
  }

  private func explanation(
    of reminder: ListedReminder, _ terms: ClearanceTerms, in transaction: Transaction
  ) throws -> ExplanationView {
    let verdict = try verdict(on: reminder, terms, in: transaction)
    let occurrence = try transaction.occurrence(id: reminder.occurrenceID)
    let zone = try occurrence.flatMap { try? self.zone(named: $0.zone) } ?? clinicZone()
    return ExplanationView(
      decision: verdict.decision, until: verdict.until?.rfc3339, reason: verdict.reason?.rawValue,
      checks: verdict.answers.map {
        CheckView(
          n: $0.check.rawValue, name: $0.check.name, passed: $0.reason == nil, reason: $0.reason?.rawValue,
          detail: $0.detail)
      }, reminder: ReminderView(reminder), history: try history(of: reminder, in: transaction),
      zone: occurrence?.zone, said: try said(verdict, of: reminder, zone, in: transaction))
  }

  // MARK: In words

  /// The decision in a sentence that can be read out to who asks.
  func said(
    _ verdict: Verdict, of reminder: ListedReminder, _ zone: Zone, in transaction: Transaction
  ) throws -> String {
    let because = verdict.reason.map { ", because \($0.words)" } ?? ""
    let until = verdict.until.map { short($0, zone) }
    let task = reminder.taskID.map { " (\(SubjectID.task($0)))" } ?? ""
    switch reminder.state {
    case .sent:
      guard let message = try reminder.messageID.flatMap({ try transaction.listedMessage(id: $0) }) else {
        return "It was sent on \(short(reminder.updatedAt, zone))."
      }
      let trial = message.mode == .trial ? ", in trial: to the clinic's own folder" : ""
      return "It was sent on \(short(message.sentAt ?? reminder.updatedAt, zone)) by \(message.channel)\(trial)."
    case .handed: return "A person took it over\(task)\(because)."
    case .failed: return "It was not delivered, and a person took it over\(task)\(because)."
    case .dropped, .expired, .cancelled: return "It was not sent\(because)."
    case .superseded: return "It was not sent by itself\(because)."
    case .claimed: return "It is being sent now."
    case .uncertain: return "Nobody knows yet whether it arrived."
    case .waiting where verdict.decision == "send":
      return "It is tried again\(until.map { " on " + $0 } ?? ""), because \(Reason.retry.words)."
    case .planned, .deferred, .held, .waiting: break
    }
    switch verdict.decision {
    case "send": return "It will be sent\(until.map { " on " + $0 } ?? "")."
    case "defer":
      return
        "It waits\(until.map { " until " + $0 } ?? "")\(because)\(until == nil ? ", and goes on once that ends" : "")."
    case "staff": return "A person will take it over\(because)."
    default: return "It will not be sent\(because)."
    }
  }

  /// What happened to it, in the order in which it did: what was done to the visit and the patient, its attempts, and
  /// its present state.
  private func history(of reminder: ListedReminder, in transaction: Transaction) throws -> [HistoryView] {
    // Within one second: an act first, then the tries that it led to or ended, then what became of it.
    var events: [(at: Instant, place: Int, sequence: Int64, view: HistoryView)] = []
    var subjects = [
      SubjectID.followUp(reminder.followUpID),
      SubjectID.occurrence(followUp: reminder.followUpID, key: reminder.occurrenceKey),
    ]
    if let patient = try transaction.followUp(id: reminder.followUpID)?.patientID {
      subjects.append(SubjectID.patient(patient))
    }
    for subject in subjects {
      for record in try transaction.records(of: subject, limit: 50) {
        let view = HistoryView(
          at: record.at.rfc3339, what: Self.words(ofVerb: record.verb), reason: nil, by: record.staff, detail: nil)
        events.append((record.at, 0, record.sequence, view))
      }
    }
    for id in try transaction.messageIDs(reminder: reminder.id) {
      guard let message = try transaction.listedMessage(id: id) else { continue }
      for attempt in message.attempts {
        let at = attempt.finishedAt ?? attempt.claimedAt
        let detail = [SubjectID.message(id), attempt.code].compactMap { $0 }.joined(separator: " ")
        let view = HistoryView(
          at: at.rfc3339, what: "\(Self.words(of: attempt.state)) \(message.channel)", reason: nil, by: nil,
          detail: detail)
        events.append((at, 1, Int64(attempt.n), view))
      }
    }
    let state = HistoryView(
      at: reminder.updatedAt.rfc3339, what: reminder.state.rawValue, reason: reminder.reason?.rawValue, by: nil,
      detail: reminder.reason?.words)
    events.append((reminder.updatedAt, 2, 0, state))
    return events.sorted { ($0.at, $0.place, $0.sequence) < ($1.at, $1.place, $1.sequence) }.map(\.view)
  }

  private static func words(of state: AttemptState) -> String {
    switch state {
    case .claimed: "handed to"
    case .delivered: "sent by"
    case .retry: "not yet taken by"
    case .rejected: "refused by"
    case .misconfigured: "not possible by"
    case .uncertain: "perhaps sent by"
    case .withdrawn: "taken back from"
    }
  }

  /// The record names methods; people read what they did.
  private static func words(ofVerb verb: String) -> String {
    switch verb {
    case AddFollowUp.shortName: "follow-up added"
    case EditFollowUp.shortName: "follow-up changed"
    case MoveFollowUp.shortName: "visit moved"
    case RecordAnswer.shortName: "answer recorded"
    case CompleteFollowUps.shortName: "visit completed"
    case MissFollowUps.shortName: "visit marked missed"
    case CancelFollowUps.shortName: "visit cancelled"
    case AddPatient.shortName: "patient added"
    case EditPatient.shortName: "patient's details changed"
    case ActivatePatient.shortName: "patient made active"
    case InactivatePatient.shortName: "patient made inactive"
    case MarkDeceased.shortName: "death recorded"
    case AddContact.shortName: "contact added"
    case EditContact.shortName: "contact changed"
    case RemoveContact.shortName: "contact removed"
    case MarkContactOk.shortName: "contact works again"
    case MarkAddressWrong.shortName: "address marked wrong"
    case SetConsent.shortName: "consent recorded"
    case Stop.shortName: "messages stopped"
    case AddHold.shortName, "hold": "sending held"
    case ReleaseHolds.shortName, "release": "hold released"
    default: Self.spaced(verb)
    }
  }

  /// `EditFollowUp` as `edit follow up`: a method that has no words of its own here.
  private static func spaced(_ verb: String) -> String {
    var words = ""
    for letter in verb {
      if letter.isUppercase, !words.isEmpty { words += " " }
      words += letter.lowercased()
    }
    return words
  }
}

extension ControlMethod {
  /// What stands in the record: the name without its interface.
  fileprivate static var shortName: String { String(name.dropFirst("org.followupd.".count)) }
}
