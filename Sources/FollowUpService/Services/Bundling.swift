internal import FollowUpCore
internal import FollowUpStore

/// What leaves together, and in which words (R13): sending and `preview` ask the same, so that they cannot differ.
struct Bundling {
  let transaction: Transaction
  let terms: ClearanceTerms
  /// When the message leaves.
  let now: Instant

  /// Nil if the reminder's rows cannot be read: a zone that does not exist, a plan that does not parse.
  func examine(_ reminder: DueReminder) throws -> ClearanceCase? {
    do {
      guard let found = try transaction.clearanceCase(reminder, terms, at: now) else { return nil }
      return reminder.kind == .step && found.step == nil ? nil : found
    } catch is ZoneError { return nil }
  }

  /// What leaves in one message with `found`, which is among it, and the steps that the others of their occurrence
  /// supersede. Urgent ones neither wait for nor join a bundle, and nobody waits: what is planned later comes forward.
  func bundle(
    of found: ClearanceCase, to contact: Int64, by channel: String
  ) throws -> (parts: [ClearanceCase], superseded: [DueReminder]) {
    guard found.mayBeBundled, template("bundle", found.language, channel) != nil else { return ([found], []) }
    let window = terms.settings.budget.bundleWithin.seconds
    let start = found.reminder.sendableAt
    let around = try transaction.companions(
      patient: found.reminder.patientID, except: found.reminder.occurrenceID, from: start - window,
      to: start + window, now: now)
    guard !around.isEmpty else { return ([found], []) }
    var joining: [ClearanceCase] = []
    for steps in Dictionary(grouping: around, by: \.occurrenceID).values {
      // The later of two steps of an occurrence supersedes.
      for step in steps.sorted(by: { ($0.intendedAt, $0.id) > ($1.intendedAt, $1.id) }) {
        if let part = try joins(step, contact) {
          joining.append(part)
          break
        }
      }
    }
    let first = joining.reduce(start) { min($0, $1.reminder.sendableAt) }
    joining = joining.filter { $0.reminder.sendableAt <= first + window }
      .sorted { ($0.reminder.sendableAt, $0.reminder.id) < ($1.reminder.sendableAt, $1.reminder.id) }
    let superseded = try around.filter { step in
      try step.sendableAt >= first && step.sendableAt <= first + window && !isLeftToItsLook(step)
        && joining.contains {
          $0.reminder.occurrenceID == step.occurrenceID && $0.reminder.id != step.id
            && $0.reminder.intendedAt > step.intendedAt
        }
    }
    return ([found] + joining, superseded)
  }

  /// Each part passes the whole clearance by itself, to the same contact. What is late and asks for more than to be sent
  /// is left to its own look (R10).
  private func joins(_ step: DueReminder, _ contact: Int64) throws -> ClearanceCase? {
    guard let part = try examine(step), part.mayBeBundled, try !isOvertaken(step),
      Clearance(part.facts, now: now).decision == .send(contact: contact)
    else { return nil }
    return asksForMore(part) ? nil : part
  }

  /// What is late and asks for more than to be sent is decided by itself, whatever else of its occurrence is due (R10).
  private func isLeftToItsLook(_ step: DueReminder) throws -> Bool { try examine(step).map(asksForMore) ?? false }

  private func asksForMore(_ part: ClearanceCase) -> Bool {
    let isLate = part.reminder.isFirstLook && now - part.reminder.plannedAt > part.plan?.lateAfter.seconds ?? 900
    return isLate && part.step?.late != .send
  }

  /// R10: a later step of its occurrence went.
  func isOvertaken(_ reminder: DueReminder) throws -> Bool {
    try transaction.latestSentStep(of: reminder.occurrenceID, revision: reminder.revision)
      .map { $0 > reminder.intendedAt } ?? false
  }

  /// Several parts have the text `bundle`, with the values of the earliest visit.
  ///
  /// - Parameter language: another one than the patient's (`preview --language`).
  func text(of parts: [ClearanceCase], channel: String, language: String? = nil) -> Composer.Text? {
    guard let told = parts.told, let template = template(of: parts, channel: channel, language: language) else {
      return nil
    }
    return terms.text(of: told, from: template, language: language, at: now)
  }

  /// The text that several parts, or one, are written from; nil if there is none.
  func template(of parts: [ClearanceCase], channel: String, language: String? = nil) -> Template? {
    guard let told = parts.told else { return nil }
    return template(parts.count == 1 ? told.template : "bundle", language ?? told.language, channel)
  }

  private func template(_ name: String, _ language: String, _ channel: String) -> Template? {
    guard case .reviewed(let template) = terms.template(name, language: language, channel: channel) else { return nil }
    return template
  }
}

extension [ClearanceCase] {
  /// The one whose visit a message tells: the earliest.
  var told: ClearanceCase? { self.min { ($0.anchorAt, $0.reminder.id) < ($1.anchorAt, $1.reminder.id) } }
}

extension ClearanceCase {
  /// Only what announces a visit that is still ahead, and is not urgent (R13).
  fileprivate var mayBeBundled: Bool {
    guard reminder.kind == .step, reminder.priority != .urgent, let step else { return false }
    return step.at.isBefore && (step.when == .unconfirmed || step.when == .expected)
  }
}
