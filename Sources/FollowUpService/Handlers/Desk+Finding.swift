internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpStore

/// WHO and ID: what staff typed, found in the database (`interface.md`, grammar).
extension Desk {
  /// The one patient meant: by ref, else by part of the name, phone or e-mail.
  func patient(_ who: String, in transaction: Transaction) throws -> Patient {
    let who = who.composed.trimmed
    guard !who.isEmpty else { throw ControlError.invalid(verb, "who", "no patient is named", "write WHO") }
    if let patient = try transaction.patient(ref: who) { return patient }
    let found = try candidates(who, in: transaction)
    if found.count == 1 { return found[0] }
    guard found.isEmpty else {
      throw ControlError(
        .ambiguous, what: "patient \(who.shown)",
        why: found.count > Self.mostCandidates ? "many patients match" : "\(found.count) patients match",
        hint: "write the ref of the one you mean", field: "who",
        candidates: found.prefix(Self.mostCandidates).map { Candidate(id: $0.ref, text: $0.name) })
    }
    throw ControlError(
      .notFound, what: "patient \(who.shown)", why: "no ref, name, phone or e-mail matches",
      hint: "see 'followupctl patient list', or add the patient", field: "who")
  }

  private static let mostCandidates = 20

  /// One more than is shown, so that "many" can be told.
  private func candidates(_ who: String, in transaction: Transaction) throws -> [Patient] {
    let limit = Self.mostCandidates + 1
    let addresses = possibleAddresses(who)
    var found = addresses.isEmpty ? [] : try transaction.patients(atAnyOf: addresses, limit: limit)
    for patient in try transaction.patients(named: who, limit: limit)
    where !found.contains(where: { $0.id == patient.id }) {
      found.append(patient)
    }
    return found
  }

  /// `who` as an address of any kind that it could be.
  func possibleAddresses(_ text: String) -> [String] {
    let channels = text.contains("@") ? ["email"] : text.contains(where: \.isNumber) ? ["sms"] : []
    return channels.compactMap {
      try? Address.normalise(channel: $0, text: text, country: settings.clinic.country).normalised
    }
  }

  /// A follow-up and the occurrence that its id means.
  func meant(_ text: String, in transaction: Transaction) throws -> (followUp: FollowUp, occurrence: Occurrence) {
    let (followUp, key) = try followUp(text, in: transaction)
    guard let key else {
      guard let occurrence = try transaction.meantOccurrence(followUp: followUp.id) else {
        throw notFound(text, "it has no dates")
      }
      return (followUp, occurrence)
    }
    guard let occurrence = try transaction.occurrence(followUp: followUp.id, key: key) else {
      throw notFound(text, "\(SubjectID.followUp(followUp.id)) has no date \(key)")
    }
    return (followUp, occurrence)
  }

  /// A follow-up, and the key if a date of it was named.
  func followUp(_ text: String, in transaction: Transaction) throws -> (FollowUp, key: String?) {
    let text = text.trimmed
    guard let id = TypedID(text) else {
      throw ControlError.invalid(
        verb, "id", "'\(text.shown)' is no id of a follow-up",
        "write F-12, 12, F-12@2026-12-01 or SOURCE:EXTERNALID; see 'followupctl list'")
    }
    let found: (FollowUp?, String?)
    switch id {
    case .followUp(let number, let key): found = (try transaction.followUp(id: number), key)
    case .number(let number): found = (try transaction.followUp(id: number), nil)
    case .external(let source, let external):
      found = (try transaction.followUp(source: source, externalID: external), nil)
    case .reminder, .message, .task, .hold:
      throw ControlError.invalid(
        verb, "id", "'\(text.shown)' is not a follow-up", "write F-12, 12, F-12@2026-12-01 or SOURCE:EXTERNALID")
    }
    guard let followUp = found.0 else { throw notFound(text, "there is no such follow-up") }
    return (followUp, found.1)
  }

  func notFound(_ text: String, _ why: String) -> ControlError {
    ControlError(.notFound, what: text.shown, why: why, hint: "see 'followupctl list'", field: "id")
  }

  /// What acting on something that is over is answered with.
  func alreadyClosed(_ occurrence: Occurrence, _ what: String) -> ControlError {
    ControlError(
      .conflict, what: what, why: "it is already closed: \(occurrence.status.rawValue)",
      hint: "see 'followupctl show \(SubjectID.followUp(occurrence.followUpID))', or add a new follow-up",
      existing: occurrence.subject)
  }
}
