internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpDigest
internal import FollowUpStore

/// Rows as they go over the wire.
extension ContactView {
  init(_ contact: Contact, of patient: Patient) {
    self.init(
      id: String(contact.id), patient: patient.ref, channel: contact.channel, address: contact.address.typed,
      person: contact.person, rank: contact.rank, consent: contact.consent.rawValue,
      consentSource: contact.consentSource, state: contact.state.rawValue)
  }
}

extension PatientView {
  init(_ patient: Patient, _ contacts: [Contact], localZone: String) {
    self.init(
      ref: patient.ref, name: patient.name, calledName: patient.calledName, born: patient.bornText,
      language: patient.language, zone: patient.zone, hours: patient.hours, callOnly: patient.callOnly,
      status: patient.status.rawValue, contacts: contacts.map { ContactView($0, of: patient) },
      createdAt: patient.createdAt.rfc3339, updatedAt: patient.updatedAt.rfc3339, version: patient.version,
      localZone: localZone)
  }
}

extension OccurrenceView {
  init(_ occurrence: Occurrence) {
    self.init(
      id: occurrence.subject, key: occurrence.key, due: occurrence.anchorText, zone: occurrence.zone,
      dueAt: occurrence.anchorAt.rfc3339, revision: occurrence.revision, status: occurrence.status.rawValue,
      answer: occurrence.answer.rawValue, told: occurrence.toldText)
  }
}

extension ReminderView {
  init(_ reminder: ListedReminder) {
    self.init(
      id: reminder.spelled, followUp: SubjectID.followUp(reminder.followUpID),
      occurrence: SubjectID.occurrence(followUp: reminder.followUpID, key: reminder.occurrenceKey),
      revision: reminder.revision, kind: reminder.kind.rawValue, step: reminder.step,
      plannedAt: reminder.plannedAt.rfc3339, wakeAt: reminder.wakeAt?.rfc3339, expiresAt: reminder.expiresAt.rfc3339,
      state: reminder.state.rawValue, reason: reminder.reason?.rawValue ?? reminder.unreadable["reason"],
      message: reminder.messageID.map(SubjectID.message), task: reminder.taskID.map(SubjectID.task), zone: reminder.zone
    )
  }
}

extension FollowUpView {
  init(_ followUp: FollowUp, _ patient: Patient, _ occurrences: [Occurrence], _ reminders: [ListedReminder]) {
    let meant = occurrences.meant
    self.init(
      id: SubjectID.followUp(followUp.id), patient: patient.ref, patientName: patient.name, plan: followUp.plan,
      priority: followUp.priority.rawValue, owner: followUp.ownerText, with: followUp.clinician,
      note: followUp.note, repeat: followUp.rule, source: followUp.source, externalId: followUp.externalID,
      status: followUp.status.rawValue, due: meant?.anchorText, zone: meant?.zone,
      dueAt: meant?.anchorAt.rfc3339, occurrences: occurrences.map { OccurrenceView($0) },
      reminders: reminders.map { ReminderView($0) }, createdAt: followUp.createdAt.rfc3339,
      updatedAt: followUp.updatedAt.rfc3339, version: followUp.version,
      repeatText: followUp.rule == nil ? nil : try? followUp.recurrence()?.words)
  }
}

extension MessageView {
  init(_ message: ListedMessage, body: (subject: String, text: String)?, zone: String) {
    self.init(
      id: SubjectID.message(message.id), patient: message.patientRef, channel: message.channel,
      adapter: message.adapter, mode: message.mode.rawValue, state: message.state.rawValue,
      reminders: message.carried.map(\.spelled), messageId: message.messageID, gatewayId: message.gatewayID,
      language: message.language, createdAt: message.createdAt.rfc3339, sentAt: message.sentAt?.rfc3339,
      deliveredAt: message.deliveredAt?.rfc3339,
      attempts: message.attempts.map {
        AttemptView(
          n: $0.n, at: $0.claimedAt.rfc3339, outcome: $0.state.rawValue, code: $0.code, detail: $0.detail)
      },
      receipt: message.receipt.map {
        ReceiptView(outcome: $0.outcome.rawValue, code: $0.code, at: $0.at.rfc3339)
      }, subject: body?.subject, body: body?.text, zone: zone)
  }
}

extension ListedMessage {
  /// What it carries. While it waits for another try, what ended meanwhile is in it no more: it is composed anew.
  fileprivate var carried: [ListedReminder] {
    state == .waiting ? reminders.filter { !$0.state.isFinal } : reminders
  }
}

extension PlanView {
  init(_ plan: Plan, source: String) throws {
    self.init(
      name: plan.name, title: plan.title, source: source,
      version: String(hex(sha256(Array(try plan.stored().utf8))).prefix(16)),
      harmlessTitle: plan.harmlessTitle, priority: plan.priority.rawValue, defaultTime: plan.defaultTime.description,
      taskOwner: plan.taskOwner.description, callOnly: plan.callOnly, onDoubt: plan.onDoubt.rawValue,
      calendar: plan.calendar, lateAfter: plan.lateAfter.description,
      steps: plan.steps.map {
        StepView(
          id: $0.id, at: $0.at.description, when: $0.when.rawValue, template: $0.template, late: $0.late.rawValue,
          useful: $0.useful?.description)
      },
      escalate: plan.escalation.map {
        EscalationView(after: $0.after.description, to: $0.to.description, routine: $0.routine)
      }, thenAfter: plan.thenAfter?.description)
  }
}

extension Desk {
  func view(_ patient: Patient, in transaction: Transaction) throws -> PatientView {
    PatientView(
      patient, try transaction.contacts(patient: patient.id), localZone: patient.zone ?? settings.clinic.zone)
  }

  func view(_ message: ListedMessage, body: (subject: String, text: String)? = nil) -> MessageView {
    MessageView(message, body: body, zone: settings.clinic.zone)
  }

  /// With its latest dates, at most `dates` of them, and the one that its id means.
  func view(_ followUp: FollowUp, dates: Int = mostDates, in transaction: Transaction) throws -> FollowUpView {
    let occurrences = try transaction.latestOccurrences(followUp: followUp.id, limit: dates)
    return try view(followUp, occurrences, in: transaction)
  }

  /// With these dates alone.
  func view(_ followUp: FollowUp, _ occurrences: [Occurrence], in transaction: Transaction) throws -> FollowUpView {
    guard let patient = try transaction.patient(id: followUp.patientID) else { throw ControlError.unexpected(verb) }
    return FollowUpView(
      followUp, patient, occurrences, try occurrences.flatMap { try transaction.listReminders(occurrence: $0.id) })
  }

  /// The follow-up as it is now.
  func view(followUp id: Int64, in transaction: Transaction) throws -> FollowUpView {
    guard let followUp = try transaction.followUp(id: id) else { throw ControlError.unexpected(verb) }
    return try view(followUp, in: transaction)
  }

  func view(_ hold: Hold, in transaction: Transaction) throws -> HoldView {
    var subject = hold.subject
    if hold.kind == .patient, let number = subject.flatMap({ Int64($0.dropFirst(2)) }) {
      subject = try transaction.patient(id: number)?.ref ?? subject
    }
    return HoldView(
      id: SubjectID.hold(hold.id), kind: hold.kind.rawValue, subject: subject, until: hold.until?.rfc3339,
      reason: hold.reason, createdAt: hold.createdAt.rfc3339, zone: settings.clinic.zone)
  }

  func view(_ task: ListedTask, in transaction: Transaction) throws -> TaskView {
    var person: TaskPatientView?
    if let patient = try task.patientID.flatMap({ try transaction.patient(id: $0) }) {
      let contacts = try transaction.contacts(patient: patient.id)
      // A number that is somebody else's is so whatever it is used for (R16).
      let wrong = Set(contacts.filter { $0.state == .wrong }.map(\.address.normalised))
      let numbers = ["phone", "sms"].flatMap { channel in
        contacts.filter { $0.channel == channel && !wrong.contains($0.address.normalised) }
      }
      person = TaskPatientView(
        ref: patient.ref, name: patient.name, calledName: patient.calledName,
        phone: numbers.first?.address.typed,
        language: patient.language, born: patient.bornText)
    }
    let occurrence = try task.occurrenceID.flatMap { try transaction.occurrence(id: $0) }
    let tried: [String] = (try? WireJSON.decode(from: Array(task.tried.utf8))) ?? []
    return TaskView(
      id: SubjectID.task(task.id), subject: task.subject, reason: task.reason.rawValue,
      advice: task.reason.advice, patient: person,
      followUp: occurrence.map { SubjectID.followUp($0.followUpID) }, followUpDue: occurrence?.anchorText,
      priority: task.priority.rawValue, owner: task.owner, due: task.dueAt.rfc3339, state: task.state.rawValue,
      takenBy: task.takenBy, takenAt: task.takenAt?.rfc3339,
      tried: tried.map { TriedView(at: task.createdAt.rfc3339, what: $0, by: nil, note: nil) }, outcome: task.outcome,
      note: task.note, createdAt: task.createdAt.rfc3339, closedAt: task.closedAt?.rfc3339, zone: settings.clinic.zone)
  }
}
