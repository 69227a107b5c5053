internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpStore

extension Desk {
  func listContacts(_ request: ListContacts.Request) throws -> ListContacts.Reply {
    try read { transaction in
      let patient = try patient(request.who, in: transaction)
      let items = try transaction.contacts(patient: patient.id).map { ContactView($0, of: patient) }
      return ItemList(items: items, total: items.count)
    }
  }

  func addContact(_ request: AddContact.Request) throws -> AddContact.Reply {
    var contact = try newContact(
      NewContact(
        channel: request.channel, address: request.address, person: request.person, rank: request.rank,
        consent: request.consent))
    return try changeOne(request) { transaction, _ in
      let patient = try patient(request.who, in: transaction)
      try refuseDeceased(patient)
      let present = try transaction.contacts(patient: patient.id)
      if let same = present.first(where: {
        $0.channel == contact.channel && $0.address.normalised == contact.address.normalised
      }) {
        throw ControlError(
          .duplicate, what: "contact of \(patient.ref)", why: "this \(contact.channel) address is there already",
          hint: "use 'followupctl contact edit \(patient.ref) \(same.id)'", field: "address", existing: String(same.id))
      }
      contact.patientID = patient.id
      if request.rank == nil { contact.rank = (present.map(\.rank).max() ?? 0) + 1 }
      let warnings = try add(contact, of: patient, in: transaction)
      if warnings.isEmpty { try closeTasksAbout(contact, in: transaction) }
      try touchPatient(patient, in: transaction)
      try record(transaction, SubjectID.patient(patient.id), ["contact=\(contact.channel)"])
      let stored = try transaction.contacts(patient: patient.id).first {
        $0.channel == contact.channel && $0.address.normalised == contact.address.normalised
      }
      return Effect(
        ContactView(stored ?? contact, of: patient),
        said: ["\(patient.name) (\(patient.ref)) can be reached by \(contact.channel)"], warnings: warnings)
    }
  }

  func editContact(_ request: EditContact.Request) throws -> EditContact.Reply {
    if let rank = request.rank { try checkRank(rank) }
    let person = try request.person.map { try line($0, "person", longest: 100) }
    return try changeOne(request) { transaction, withdrawing in
      let patient = try patient(request.who, in: transaction)
      try refuseDeceased(patient)
      let known = try contact(request.contact, of: patient, in: transaction)
      var contact = known
      var fields: [String] = []
      var warnings: [String] = []
      if let person, person != known.person {
        contact.person = person
        fields.append("person")
      }
      if let rank = request.rank, rank != known.rank {
        contact.rank = rank
        fields.append("rank=\(rank)")
      }
      if let text = request.address {
        let address = try address(text, channel: known.channel)
        if address != known.address {
          try refuseRepeat(of: address, known, patient, in: transaction)
          contact.address = address
          fields.append("address")
          if address.normalised != known.address.normalised {
            contact.state = .ok
            warnings += try bindToStopList(&contact, of: patient, in: transaction)
            try transaction.withdrawClaims(.patient(patient.id), via: withdrawing, now: now)
          }
        }
      }
      guard !fields.isEmpty else {
        return .none(ContactView(known, of: patient), "the contact is as given; nothing to change")
      }
      try transaction.update(contact, now: now)
      if fields.contains("address"), warnings.isEmpty { try closeTasksAbout(contact, in: transaction) }
      try touchPatient(patient, in: transaction)
      try record(transaction, SubjectID.patient(patient.id), ["contact=\(known.channel)"] + fields)
      return Effect(
        ContactView(contact, of: patient),
        said: ["\(patient.name) (\(patient.ref)): the \(known.channel) contact is changed"], warnings: warnings)
    }
  }

  func removeContact(_ request: RemoveContact.Request) throws -> RemoveContact.Reply {
    try changeOne(request) { transaction, withdrawing in
      let patient = try patient(request.who, in: transaction)
      let contact = try contact(request.contact, of: patient, in: transaction)
      try transaction.withdrawClaims(.patient(patient.id), via: withdrawing, now: now)
      try transaction.remove(contact: contact.id, now: now)
      try touchPatient(patient, in: transaction)
      try record(transaction, SubjectID.patient(patient.id), ["contact=\(contact.channel)"])
      let left = try transaction.contacts(patient: patient.id)
      // R14: what came back is gone, and messages have another way.
      if contact.state == .bounced, !left.contains(where: { $0.state == .bounced }),
        left.contains(where: { $0.channel != "phone" && $0.consent == .granted && $0.state == .ok })
      {
        try transaction.closeTasks(ofPatient: patient.id, [.bounced], now: now)
      }
      return Effect(
        ContactView(contact, of: patient),
        said: ["\(patient.name) (\(patient.ref)) is not reached by this \(contact.channel) address any more"],
        warnings: left.contains { $0.channel != "phone" } ? [] : ["no address is left that a message could go to"])
    }
  }

  /// A bounced or wrong contact works again, for this patient.
  func markOk(_ request: MarkContactOk.Request) throws -> MarkContactOk.Reply {
    try changeOne(request) { transaction, _ in
      let patient = try patient(request.who, in: transaction)
      try refuseDeceased(patient)
      var contact = try contact(request.address, of: patient, in: transaction)
      let address = contact.address.normalised
      let lifted = try transaction.exceptFromStop(
        .wrong, channel: contact.channel, normalised: address, patient: patient.id, source: actor.staff, now: now)
      guard lifted > 0 || contact.state != .ok else {
        return .none(ContactView(contact, of: patient), "the contact is ok already")
      }
      contact.state = .ok
      try transaction.update(contact, now: now)
      try closeTasksAbout(contact, in: transaction)
      try touchPatient(patient, in: transaction)
      try record(transaction, SubjectID.patient(patient.id), ["contact=\(contact.channel)", "state=ok"])
      return Effect(
        ContactView(contact, of: patient),
        said: ["\(patient.name) (\(patient.ref)): this \(contact.channel) address is ok again"])
    }
  }

  // MARK: - Parts

  /// A contact as a command gives it.
  struct NewContact {
    var channel: String
    var address: String
    var person: String?
    var rank: Int?
    var consent: String?
  }

  /// Checked; it belongs to nobody yet.
  func newContact(_ input: NewContact) throws -> Contact {
    let channel = try channel(input.channel)
    let address = try address(input.address, channel: channel)
    if let rank = input.rank { try checkRank(rank) }
    // R16: what staff type is granted, with its source, unless they write `unknown`.
    let source = try input.consent.map { try line($0, "consent", longest: 64) } ?? "staff"
    let isUnknown = source == Consent.unknown.rawValue
    guard source != Consent.stopped.rawValue else {
      throw ControlError.invalid(
        verb, "consent", "'stopped' is no source of consent", "add the contact, then use 'followupctl stop'")
    }
    var contact = Contact(
      patientID: 0, channel: channel, address: address, rank: input.rank ?? 1,
      consent: isUnknown ? .unknown : .granted, consentSource: isUnknown ? nil : source, now: now)
    if let person = input.person { contact.person = try line(person, "person", longest: 100) }
    return contact
  }

  /// Inserts a contact; what the stop list says of its address binds it (R16). Returns warnings.
  func add(_ contact: Contact, of patient: Patient, in transaction: Transaction) throws -> [String] {
    var contact = contact
    var warnings = try bindToStopList(&contact, of: patient, in: transaction)
    if let adapter = settings.channels[contact.channel]?.adapter, !adapter.canAddress(contact.address.normalised) {
      warnings.append(
        "this \(contact.channel) address has letters before the @ that mail cannot carry everywhere: nothing is sent there"
      )
    }
    _ = try transaction.insert(contact)
    return warnings
  }

  /// R14: with an address that messages may go to, nobody has to find one any more.
  private func closeTasksAbout(_ contact: Contact, in transaction: Transaction) throws {
    guard contact.channel != "phone", contact.consent == .granted else { return }
    try transaction.closeTasks(ofPatient: contact.patientID, [.noContact, .bounced, .wrongNumber], now: now)
  }

  private func bindToStopList(
    _ contact: inout Contact, of patient: Patient, in transaction: Transaction
  ) throws -> [String] {
    let entries = try transaction.stops(
      channel: contact.channel, normalised: contact.address.normalised, patient: patient.id)
    var warnings: [String] = []
    if entries.contains(where: { $0.kind == .stop }) {
      contact.consent = .stopped
      contact.consentSource = "stop-list"
      warnings.append(
        "this \(contact.channel) address is on the stop list: nothing is sent there until "
          + "'followupctl contact consent \(patient.ref) \(contact.channel) granted --source S'")
    }
    if entries.contains(where: { $0.kind == .wrong }) {
      contact.state = .wrong
      warnings.append(
        "this \(contact.channel) address was marked as wrong: nothing is sent there until "
          + "'followupctl contact ok \(patient.ref) ADDRESS'")
    }
    return warnings
  }

  func refuseRepeats(_ contacts: [Contact]) throws {
    var seen: Set<String> = []
    for contact in contacts where !seen.insert("\(contact.channel)\n\(contact.address.normalised)").inserted {
      throw ControlError.invalid(
        verb, "contacts", "the same \(contact.channel) address is given twice", "give each address once")
    }
  }

  private func refuseRepeat(
    of address: Address, _ known: Contact, _ patient: Patient, in transaction: Transaction
  ) throws {
    let others = try transaction.contacts(patient: patient.id).filter { $0.id != known.id }
    guard let same = others.first(where: { $0.channel == known.channel && $0.address.normalised == address.normalised })
    else { return }
    throw ControlError(
      .duplicate, what: "contact of \(patient.ref)", why: "this \(known.channel) address is there already",
      hint: "remove one of the two", field: "address", existing: String(same.id))
  }

  private func checkRank(_ rank: Int) throws {
    guard (1...99).contains(rank) else {
      throw ControlError.invalid(verb, "rank", "\(rank) is no rank", "write 1 for the first, 99 at most")
    }
  }

  /// By its id, its address, or its channel if there is one of it.
  func contact(_ text: String, of patient: Patient, in transaction: Transaction) throws -> Contact {
    let text = text.trimmed
    let contacts = try transaction.contacts(patient: patient.id)
    let addresses = possibleAddresses(text) + [text]
    for found in [
      contacts.filter { String($0.id) == text }, contacts.filter { addresses.contains($0.address.normalised) },
      contacts.filter { $0.channel == text },
    ] where !found.isEmpty {
      if found.count == 1 { return found[0] }
      throw ControlError(
        .ambiguous, what: "contact of \(patient.ref)", why: "\(found.count) contacts match",
        hint: "write the number of the one you mean", field: "contact",
        candidates: found.map { Candidate(id: String($0.id), text: "\($0.channel) \($0.address.typed)") })
    }
    throw ControlError(
      .notFound, what: "contact of \(patient.ref)", why: "no contact matches",
      hint: "see 'followupctl contact list \(patient.ref)'", field: "contact",
      candidates: contacts.isEmpty
        ? nil : contacts.map { Candidate(id: String($0.id), text: "\($0.channel) \($0.address.typed)") })
  }

  /// A patient's version rises with its contacts'.
  func touchPatient(_ patient: Patient, in transaction: Transaction) throws {
    try transaction.update(patient, now: now)
  }
}
