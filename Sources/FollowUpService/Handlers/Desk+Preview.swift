internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpStore

extension Desk {
  /// The next message of a follow-up as it would go out, composed as sending composes it; nothing is sent or written.
  func previewMessage(_ request: PreviewMessage.Request) throws -> MessagePreviewView {
    let language = try request.language.map { try self.language($0) }
    return try read { transaction in
      let reminders = try reminders(of: request.id, in: transaction)
      guard let reminder = Self.next(of: reminders) else {
        throw ControlError(
          .notFound, what: request.id.shown, why: "it has no reminder",
          hint: "see 'followupctl show \(request.id.shown)'",
          field: "id")
      }
      return try preview(reminder, language: language, in: transaction)
    }
  }

  /// The one that is looked at first, or the last one if all are final.
  private static func next(of reminders: [ListedReminder]) -> ListedReminder? {
    let pending = reminders.filter { !$0.state.isFinal }
    return pending.min { ($0.wakeAt ?? $0.plannedAt, $0.id) < ($1.wakeAt ?? $1.plannedAt, $1.id) }
      ?? reminders.max { ($0.revision, $0.plannedAt, $0.id) < ($1.revision, $1.plannedAt, $1.id) }
  }

  private func preview(
    _ listed: ListedReminder, language: String?, in transaction: Transaction
  ) throws -> MessagePreviewView {
    let terms = try clearanceTerms(in: transaction)
    let verdict = try verdict(on: listed, terms, in: transaction)
    guard let followUp = try transaction.followUp(id: listed.followUpID),
      let patient = try transaction.patient(id: followUp.patientID),
      let occurrence = try transaction.occurrence(id: listed.occurrenceID)
    else { throw ControlError.unexpected(verb) }
    let zone = try (try? self.zone(named: occurrence.zone)) ?? clinicZone()
    var view = MessagePreviewView(
      reminder: listed.spelled, reminders: [listed.spelled], patient: patient.ref, channel: nil, address: nil,
      person: nil, adapter: nil, mode: nil,
      language: nil, subject: nil, body: nil, decision: verdict.decision, until: verdict.until?.rfc3339,
      reason: verdict.reason?.rawValue, said: try said(verdict, of: listed, zone, in: transaction),
      zone: occurrence.zone)
    let contacts = try transaction.contacts(patient: patient.id)
    // What has left is shown as it left.
    if listed.state == .sent, language == nil,
      let message = try listed.messageID.flatMap(transaction.listedMessage(id:)),
      let body = try transaction.messageBody(id: message.id)
    {
      view.channel = message.channel
      view.adapter = message.adapter
      view.mode = message.mode.rawValue
      view.language = message.language
      view.subject = message.channel == "email" ? body.subject : nil
      view.body = body.text
      view.reminders += try transaction.reminders(of: message.id).map(\.name).filter { $0 != listed.spelled }
      return view
    }
    let at = max(now, verdict.until ?? listed.wakeAt ?? now)
    guard let reminder = try transaction.reminder(listed.id),
      let found = try? transaction.clearanceCase(reminder, terms, at: at)
    else { return view }
    let contact = Self.contact(found.facts, at: at)
    let channel = contact?.channel ?? "email"
    if let contact, let row = contacts.first(where: { $0.id == contact.id }) {
      let mode = terms.mode(of: row.address.normalised)
      view.channel = contact.channel
      view.address = row.address.typed
      view.person = row.person
      view.mode = mode.rawValue
      view.adapter = mode == .trial ? "maildir" : settings.channels[contact.channel]?.adapter.kind
    }
    let bundling = Bundling(transaction: transaction, terms: terms, now: at)
    let parts =
      if case .send(let id) = Clearance(found.facts, now: at).decision {
        try bundling.bundle(of: found, to: id, by: channel).parts
      } else { [found] }
    if parts.count > 1, let text = bundling.text(of: parts, channel: channel, language: language) {
      view.reminders = parts.map(\.reminder.name)
      view.language = text.language
      view.subject = channel == "email" ? text.subject : nil
      view.body = text.body
      return view
    }
    switch terms.template(of: found, channel: channel, language: language) {
    case .reviewed(let template), .notReviewed(let template):
      let text = terms.text(of: found, from: template, language: language, at: at)
      view.language = text.language
      view.subject = channel == "email" ? text.subject : nil
      view.body = text.body
    case .missing: break
    }
    return view
  }

  /// The contact that clearance would choose; else the one that staff would mend first.
  private static func contact(_ facts: ClearanceFacts, at now: Instant) -> ContactFacts? {
    let served = facts.contacts.filter(\.isServed).sorted { ($0.rank, $0.id) < ($1.rank, $1.id) }
    if case .send(let id) = Clearance(facts, now: now).decision { return served.first { $0.id == id } }
    let usable = served.filter { $0.obstacle == nil }
    return usable.first { $0.text == .ready } ?? usable.first ?? served.first
  }
}
