internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpStore

extension Desk {
  func addPatient(_ request: AddPatient.Request) throws -> AddPatient.Reply {
    let ref = try ref(request.ref)
    var patient = Patient(ref: ref, name: try line(request.name, "name", longest: 200), now: now)
    try apply(PatientFields(request), to: &patient)
    let inputs = request.contacts ?? []
    guard inputs.count <= 20 else {
      throw ControlError.invalid(verb, "contacts", "\(inputs.count) contacts are too many", "give 20 at most")
    }
    let contacts = try inputs.enumerated().map { index, input in
      try newContact(
        NewContact(
          channel: input.channel, address: input.address, person: input.person, rank: input.rank ?? index + 1,
          consent: input.consent ?? request.consent))
    }
    try refuseRepeats(contacts)
    return try changeOne(request) { transaction, withdrawing in
      if let known = try transaction.patient(ref: ref) {
        guard request.upsert == true else {
          throw ControlError(
            .duplicate, what: "patient \(ref)", why: "this ref is another patient's already",
            hint: "use 'followupctl patient edit \(ref)', or --upsert", field: "ref", existing: ref)
        }
        return try upsert(known, request, contacts, transaction, withdrawing)
      }
      patient.id = try transaction.insert(patient)
      var warnings: [String] = []
      for var contact in contacts {
        contact.patientID = patient.id
        warnings += try add(contact, of: patient, in: transaction)
      }
      try record(
        transaction, SubjectID.patient(patient.id),
        ["ref", "name"] + PatientFields(request).names + contacts.map { "contact=\($0.channel)" })
      return Effect(
        try view(patient, in: transaction), said: ["\(patient.name) is added as \(ref)\(reach(contacts))"],
        warnings: warnings)
    }
  }

  private func reach(_ contacts: [Contact]) -> String {
    let channels = contacts.map(\.channel)
    return channels.isEmpty ? ", without an address" : ", reached by \(channels.joined(separator: ", then "))"
  }

  /// Changes what is given; contacts that are there already stay as they are, others join.
  private func upsert(
    _ known: Patient, _ request: AddPatient.Request, _ contacts: [Contact], _ transaction: Transaction,
    _ withdrawing: any Withdrawing
  ) throws -> Effect<PatientView> {
    var patient = known
    patient.name = try line(request.name, "name", longest: 200)
    try apply(PatientFields(request), to: &patient)
    var fields = changedFields(known, patient)
    var warnings: [String] = []
    let present = try transaction.contacts(patient: known.id)
    for var contact in contacts
    where !present.contains(where: {
      $0.channel == contact.channel && $0.address.normalised == contact.address.normalised
    }) {
      contact.patientID = known.id
      contact.rank = (try transaction.contacts(patient: known.id).map(\.rank).max() ?? 0) + 1
      warnings += try add(contact, of: patient, in: transaction)
      fields.append("contact=\(contact.channel)")
    }
    guard !fields.isEmpty else {
      return .none(try view(known, in: transaction), "\(known.ref) is as given; nothing to change")
    }
    try save(patient, was: known, transaction, withdrawing)
    try record(transaction, SubjectID.patient(known.id), fields, verb: "EditPatient")
    return Effect(
      try view(stored(patient, in: transaction), in: transaction),
      said: ["\(patient.name) (\(patient.ref)) is changed"],
      warnings: warnings)
  }

  func listPatients(_ request: ListPatients.Request) throws -> ListPatients.Reply {
    let status: PatientStatus? = try request.status.map { try word($0, "status") }
    let limit = try limit(request.limit)
    let after = try after(request.after)
    return try read { transaction in
      if let who = request.who {
        var found = try transaction.patients(named: who, limit: limit)
        if let patient = try transaction.patient(ref: who), !found.contains(patient) { found.insert(patient, at: 0) }
        let addresses = possibleAddresses(who)
        for patient in addresses.isEmpty ? [] : try transaction.patients(atAnyOf: addresses, limit: limit)
        where !found.contains(patient) { found.append(patient) }
        found = found.filter { status == nil || $0.status == status }
        return list(try found.map { try view($0, in: transaction) }, total: found.count, in: transaction)
      }
      let page = try transaction.listPatients(status: status, limit: limit, after: after)
      return list(
        try page.items.map { try view($0, in: transaction) }, total: page.total, next: page.next, in: transaction)
    }
  }

  func showPatient(_ request: ShowPatient.Request) throws -> PatientView {
    try read { try view(patient(request.who, in: $0), in: $0) }
  }

  func editPatient(_ request: EditPatient.Request) throws -> EditPatient.Reply {
    var checked = Patient(ref: "-", name: "-", now: now)
    if let name = request.name { checked.name = try line(name, "name", longest: 200) }
    try apply(PatientFields(request), to: &checked)
    return try changeOne(request) { transaction, withdrawing in
      let known = try patient(request.who, in: transaction)
      var patient = known
      if request.name != nil { patient.name = checked.name }
      try apply(PatientFields(request), to: &patient)
      let fields = changedFields(known, patient)
      guard !fields.isEmpty else {
        return .none(try view(known, in: transaction), "\(known.ref) is as given; nothing to change")
      }
      try save(patient, was: known, transaction, withdrawing)
      try record(transaction, SubjectID.patient(known.id), fields)
      return Effect(
        try view(stored(patient, in: transaction), in: transaction),
        said: ["\(patient.name) (\(patient.ref)): \(fields.joined(separator: ", ")) changed"])
    }
  }

  /// Writes a patient; what decides the times of reminders plans them anew.
  private func save(
    _ patient: Patient, was known: Patient, _ transaction: Transaction, _ withdrawing: any Withdrawing
  ) throws {
    try transaction.update(patient, now: now)
    guard
      patient.zone != known.zone || patient.hours != known.hours || patient.language != known.language
        || patient.callOnly != known.callOnly
    else { return }
    try transaction.withdrawClaims(.patient(patient.id), via: withdrawing, now: now)
    guard patient.status == .active, patient.zone != known.zone || patient.hours != known.hours else { return }
    for occurrence in try transaction.unsettledOccurrences(patient: patient.id) {
      try planAnew(occurrence, in: transaction)
    }
  }

  /// Plans an occurrence anew for a cause that is no move (R10). One whose zone cannot be read stays as it is, becomes a
  /// task, and keeps no other from being planned (promise 18).
  func planAnew(_ occurrence: Occurrence, in transaction: Transaction) throws {
    do {
      try transaction.planAnew(occurrence: occurrence.id, settings: settings, zones: context.zones, now: now)
    } catch is ZoneError {
      try transaction.settle(occurrence: occurrence.id, now: now)
      guard !occurrence.status.isOver, occurrence.anchorAt > now,
        let followUp = try transaction.followUp(id: occurrence.followUpID)
      else { return }
      try transaction.openTask(
        NewTask(
          subject: occurrence.subject, reason: .manual, patientID: followUp.patientID, occurrenceID: occurrence.id,
          priority: followUp.priority, owner: followUp.owner.description,
          dueAt: taskDue(
            followUp.priority, now: now, anchor: occurrence.anchorAt, settings: settings, zones: context.zones),
          tried: [Transaction.unreadableZone]), now: now)
    }
  }

  private func stored(_ patient: Patient, in transaction: Transaction) throws -> Patient {
    try transaction.patient(id: patient.id) ?? patient
  }

  /// The names of what differs, for the record: never the values.
  private func changedFields(_ a: Patient, _ b: Patient) -> [String] {
    var fields: [String] = []
    if a.name != b.name { fields.append("name") }
    if a.calledName != b.calledName { fields.append("called-name") }
    if a.born != b.born { fields.append("born") }
    if a.language != b.language { fields.append("language") }
    if a.zone != b.zone { fields.append("zone") }
    if a.hours != b.hours { fields.append("hours") }
    if a.callOnly != b.callOnly { fields.append("call-only") }
    return fields
  }

  /// What may be given of a patient beside the name; an empty text clears.
  private struct PatientFields {
    var calledName, born, language, zone, hours: String?
    var callOnly: Bool?

    init(_ request: AddPatient.Request) {
      (calledName, born, language) = (request.calledName, request.born, request.language)
      (zone, hours, callOnly) = (request.zone, request.hours, request.callOnly)
    }

    init(_ request: EditPatient.Request) {
      (calledName, born, language) = (request.calledName, request.born, request.language)
      (zone, hours, callOnly) = (request.zone, request.hours, request.callOnly)
    }

    var names: [String] {
      [
        (calledName != nil, "called-name"), (born != nil, "born"), (language != nil, "language"), (zone != nil, "zone"),
        (hours != nil, "hours"), (callOnly != nil, "call-only"),
      ].filter(\.0).map(\.1)
    }
  }

  private func apply(_ fields: PatientFields, to patient: inout Patient) throws {
    func value<T>(_ text: String, _ check: (String) throws -> T) throws -> T? {
      text.trimmed.isEmpty ? nil : try check(text.trimmed)
    }
    if let text = fields.calledName {
      patient.calledName = try value(text) { try line($0, "called-name", longest: 100) }
    }
    if let text = fields.born { patient.born = try value(text) { try born($0) } }
    if let text = fields.language { patient.language = try value(text) { try language($0) } }
    if let text = fields.zone { patient.zone = try value(text) { try zone(named: $0).name } }
    if let text = fields.hours { patient.hours = try value(text) { try hours($0) } }
    if let callOnly = fields.callOnly { patient.callOnly = callOnly }
  }
}
