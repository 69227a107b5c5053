internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpStore

/// R16: stop means stop.
extension Desk {
  func stop(_ request: Stop.Request) throws -> Stop.Reply {
    let channel = try request.channel.map { try self.channel($0) }
    return try changeList(request) { transaction, withdrawing in
      let targets = try stopTargets(request.target, channel, in: transaction)
      var items: [ContactView] = []
      var count = 0
      var said: [String] = []
      for (channel, address) in targets {
        let (contacts, isNew) = try stop(channel, address, source: "stop", transaction, withdrawing)
        items += contacts
        count += isNew ? 1 : 0
        let refs = contacts.map(\.patient)
        let who =
          refs.isEmpty ? "nobody has it yet" : "it is an address of \(Set(refs).sorted().joined(separator: ", "))"
        said.append(
          isNew
            ? "nothing more is sent to this \(channel) address; \(who)" : "this \(channel) address is stopped already")
      }
      var effect = Effect(items, count: count, said: said)
      let left = try Set(items.map(\.patient)).sorted().filter { ref in
        guard let patient = try transaction.patient(ref: ref) else { return false }
        return try !transaction.contacts(patient: patient.id).contains {
          $0.channel != "phone" && $0.consent == .granted && $0.state == .ok
        }
      }
      effect.warnings = left.map { "\($0) has no address left that a message may go to" }
      return effect
    }
  }

  /// Consent, or its end, for a patient's addresses on a channel.
  func setConsent(_ request: SetConsent.Request) throws -> SetConsent.Reply {
    let channel = try channel(request.channel)
    let consent: Consent = try word(request.consent, "consent")
    guard consent != .unknown else {
      throw ControlError.invalid(
        verb, "consent", "'unknown' is nothing that a patient says", "write granted or stopped")
    }
    let source = try request.source.map { try line($0, "source", longest: 64) } ?? "staff"
    return try changeList(request) { transaction, withdrawing in
      let patient = try patient(request.who, in: transaction)
      try refuseDeceased(patient)
      let contacts = try transaction.contacts(patient: patient.id).filter { $0.channel == channel }
      guard !contacts.isEmpty else {
        throw ControlError(
          .notFound, what: "contact of \(patient.ref)", why: "there is no \(channel) contact",
          hint: "use 'followupctl contact add \(patient.ref) \(channel) ADDRESS'", field: "channel")
      }
      var count = 0
      for var contact in contacts {
        let address = contact.address.normalised
        if consent == .stopped {
          count += try stop(channel, address, source: source, transaction, withdrawing).isNew ? 1 : 0
          continue
        }
        let lifted = try transaction.exceptFromStop(
          .stop, channel: channel, normalised: address, patient: patient.id, source: source, now: now)
        guard lifted > 0 || contact.consent != .granted else { continue }
        contact.consent = .granted
        contact.consentSource = source
        contact.consentAt = now
        try transaction.update(contact, now: now)
        try record(transaction, SubjectID.patient(patient.id), ["contact=\(channel)", "consent=granted"])
        count += 1
      }
      if count > 0, consent == .granted {
        try transaction.closeTasks(ofPatient: patient.id, [.stopped, .noConsent], now: now)
      }
      let items = try transaction.contacts(patient: patient.id).filter { $0.channel == channel }
        .map { ContactView($0, of: patient) }
      let what = consent == .granted ? "may be written to by \(channel)" : "is not written to by \(channel) any more"
      return count > 0
        ? Effect(items, count: count, said: ["\(patient.name) (\(patient.ref)) \(what)"])
        : .none(items, "the consent is \(consent.rawValue) already")
    }
  }

  /// An address is not this patient's: nothing goes there, and somebody finds the right one.
  func markWrong(_ request: MarkAddressWrong.Request) throws -> MarkAddressWrong.Reply {
    try changeList(request) { transaction, withdrawing in
      let targets = try addressTargets(request.address, nil, in: transaction)
      var items: [ContactView] = []
      var count = 0
      for (channel, address) in targets {
        var isNew = try transaction.addStop(
          .wrong, channel: channel, normalised: address, source: actor.staff, now: now)
        try transaction.withdrawClaims(.address(channel: channel, normalised: address), via: withdrawing, now: now)
        for var contact in try transaction.contacts(at: address, channel: channel) {
          guard let patient = try transaction.patient(id: contact.patientID) else { continue }
          if contact.state != .wrong {
            contact.state = .wrong
            try transaction.update(contact, now: now)
            if patient.status == .active { try askForNumber(patient, in: transaction) }
            try record(transaction, SubjectID.patient(patient.id), ["contact=\(channel)", "state=wrong"])
            isNew = true
          }
          items.append(ContactView(contact, of: patient))
        }
        if isNew, items.isEmpty { try record(transaction, SubjectID.channel(channel), ["state=wrong"]) }
        count += isNew ? 1 : 0
      }
      return count > 0
        ? Effect(
          items, count: count,
          said: ["nothing more is sent to this address; \(counted(items.count, "contact")) marked wrong"])
        : .none(items, "this address is marked wrong already")
    }
  }

  // MARK: - Parts

  private func stop(
    _ channel: String, _ address: String, source: String, _ transaction: Transaction, _ withdrawing: any Withdrawing
  ) throws -> (contacts: [ContactView], isNew: Bool) {
    var isNew = try transaction.addStop(.stop, channel: channel, normalised: address, source: source, now: now)
    try transaction.withdrawClaims(.address(channel: channel, normalised: address), via: withdrawing, now: now)
    var items: [ContactView] = []
    for var contact in try transaction.contacts(at: address, channel: channel) {
      guard let patient = try transaction.patient(id: contact.patientID) else { continue }
      if contact.consent != .stopped {
        contact.consent = .stopped
        contact.consentSource = source
        contact.consentAt = now
        try transaction.update(contact, now: now)
        isNew = true
      }
      if isNew, patient.status == .active { try tellOfStop(patient, in: transaction) }
      if isNew { try record(transaction, SubjectID.patient(patient.id), ["contact=\(channel)", "consent=stopped"]) }
      items.append(ContactView(contact, of: patient))
    }
    if isNew, items.isEmpty { try record(transaction, SubjectID.channel(channel), ["consent=stopped"]) }
    return (items, isNew)
  }

  /// Those with an open urgent or soon occurrence get a task: its next one names it.
  private func tellOfStop(_ patient: Patient, in transaction: Transaction) throws {
    for occurrence in try transaction.expectedOccurrences(patient: patient.id) {
      guard let followUp = try transaction.followUp(id: occurrence.followUpID), followUp.priority != .routine else {
        continue
      }
      try transaction.openTask(
        NewTask(
          subject: occurrence.subject, reason: .stopped, patientID: patient.id, occurrenceID: occurrence.id,
          priority: followUp.priority, owner: followUp.owner.description,
          dueAt: taskDue(
            followUp.priority, now: now, anchor: occurrence.anchorAt, settings: settings, zones: context.zones)),
        now: now)
      return
    }
  }

  private func askForNumber(_ patient: Patient, in transaction: Transaction) throws {
    let priorities = try transaction.expectedOccurrences(patient: patient.id).compactMap {
      try transaction.followUp(id: $0.followUpID)?.priority
    }
    let priority = priorities.min() ?? .routine
    try transaction.openTask(
      NewTask(
        subject: SubjectID.patient(patient.id), reason: .wrongNumber, patientID: patient.id, priority: priority,
        owner: Owner.frontDesk.description,
        dueAt: taskDue(priority, now: now, anchor: nil, settings: settings, zones: context.zones)), now: now)
  }

  /// An address as typed, else the addresses of WHO; voice only where it is named.
  private func stopTargets(
    _ text: String, _ channel: String?, in transaction: Transaction
  ) throws -> [(channel: String, address: String)] {
    if try transaction.patient(ref: text.trimmed) == nil, text.contains("@") || !possibleAddresses(text).isEmpty {
      return try addressTargets(text, channel, in: transaction)
    }
    let patient = try patient(text, in: transaction)
    let contacts = try transaction.contacts(patient: patient.id).filter {
      channel == nil ? $0.channel != "phone" : $0.channel == channel
    }
    guard !contacts.isEmpty else {
      throw ControlError(
        .notFound, what: "contact of \(patient.ref)", why: "there is no \(channel ?? "") address that could be stopped",
        hint: "see 'followupctl contact list \(patient.ref)'", field: "channel")
    }
    return contacts.map { ($0.channel, $0.address.normalised) }
  }

  /// Each channel on which an address is one: an e-mail, or a number by which somebody gets texts.
  private func addressTargets(
    _ text: String, _ channel: String?, in transaction: Transaction
  ) throws -> [(channel: String, address: String)] {
    let text = text.trimmed
    if let channel { return [(channel, try address(text, channel: channel).normalised)] }
    let usual = text.contains("@") ? "email" : "sms"
    let normalised = try address(text, channel: usual).normalised
    let known = try transaction.contacts(at: normalised).map(\.channel).filter { $0 != "phone" }
    return Set(known + [usual]).sorted().map { ($0, normalised) }
  }
}
