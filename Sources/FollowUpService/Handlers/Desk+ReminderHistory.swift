internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpStore

/// What happened to a reminder.
extension Desk {
  /// What happened to it, in the order in which it did: what was done to the visit and the patient, its attempts, and
  /// its present state.
  func history(of reminder: ListedReminder, in transaction: Transaction) throws -> [HistoryView] {
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
    case "ladder": "next contact's turn"
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
