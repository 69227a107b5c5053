import FollowUpControl
import FollowUpCore
import Support

@testable import FollowUpService

extension RandomClinic {
  /// What came of the commands: a promise's number by its index, and the happenings that were refused.
  struct Diary {
    var ids: [Int: String] = [:]
    var refused: Set<Int> = []
    /// How many commands were given.
    var page = 0
    /// When each was.
    var times: [Instant] = []
  }

  /// Lives it through, command by command, to the end. `looking` is called now and then, between two commands.
  @discardableResult
  func run(on clinic: SendingClinic, looking: (SendingClinic) throws -> Void = { _ in }) throws
    -> Diary
  {
    try open(on: clinic)
    var diary = Diary()
    try live(to: end, on: clinic, &diary, looking: looking)
    return diary
  }

  /// Its patients, and a dispatcher that runs.
  func open(on clinic: SendingClinic) throws {
    try add(patients, to: clinic)
    clinic.dispatcher.start()
  }

  /// From where the diary ends up to an instant. What should have happened meanwhile happens at once.
  func live(
    to end: Instant, on clinic: SendingClinic, _ diary: inout Diary,
    looking: (SendingClinic) throws -> Void = { _ in }
  ) throws {
    let order = agenda
    while diary.page < order.count, order[diary.page].at <= end {
      let (at, happening, promise) = order[diary.page]
      try clinic.pass(to: max(at, clinic.clock.now()))
      diary.times.append(clinic.clock.now())
      if let happening {
        if try !act(happenings[happening], diary.ids, on: clinic) {
          diary.refused.insert(happening)
        }
      } else {
        diary.ids[promise] = try add(promises[promise], to: clinic)
      }
      diary.page += 1
      if diary.page % 16 == 8 {
        clinic.dispatcher.drain()
        try looking(clinic)
      }
    }
    try clinic.pass(to: max(end, clinic.clock.now()))
  }

  /// All commands in their order: a happening's index, or a promise's.
  var agenda: [(at: Instant, happening: Int?, promise: Int)] {
    let added = promises.indices.map {
      (at: promises[$0].addedAt, happening: nil as Int?, promise: $0)
    }
    let happened = happenings.indices.map {
      (at: happenings[$0].at, happening: $0 as Int?, promise: 0)
    }
    return (added + happened).sorted { $0.at < $1.at }
  }

  private func add(_ patients: [Patient], to clinic: SendingClinic) throws {
    for patient in patients {
      let contacts = patient.contacts.map {
        ContactInput(
          channel: $0.channel, address: $0.address,
          consent: $0.consent == .granted ? "staff" : "unknown")
      }
      try clinic.call(
        AddPatient.self,
        AddPatient.Request(
          ref: patient.ref, name: "Patient \(patient.ref)", contacts: contacts, zone: patient.zone,
          hours: patient.hours, callOnly: patient.isCallOnly))
      for contact in patient.contacts where contact.isWrong {
        try clinic.call(MarkAddressWrong.self, MarkAddressWrong.Request(address: contact.address))
      }
    }
  }

  /// Nil for a patient to whom nothing more may be promised.
  private func add(_ promise: Promise, to clinic: SendingClinic) throws -> String? {
    let request = AddFollowUp.Request(
      who: patients[promise.patient].ref, when: Self.spelled(promise.anchor), plan: promise.plan,
      repeat: promise.rule,
      zone: promise.zone, another: true, allowPast: true, anyHour: true)
    do { return try clinic.call(AddFollowUp.self, request).thing.id } catch is VarlinkError {
      return nil
    }
  }

  /// False if it was refused: a command may come too late.
  private func act(_ happening: Happening, _ ids: [Int: String], on clinic: SendingClinic) throws
    -> Bool
  {
    do {
      guard let promise = happening.promise else {
        switch happening.act {
        case .stop(let patient):
          try clinic.call(Stop.self, Stop.Request(target: patients[patient].ref))
        case .deceased(let patient):
          var request = MarkDeceased.Request(who: patients[patient].ref)
          request.confirmed = true
          try clinic.call(MarkDeceased.self, request)
        case .inactive(let patient):
          var request = InactivatePatient.Request(who: patients[patient].ref)
          request.confirmed = true
          try clinic.call(InactivatePatient.self, request)
        default: break
        }
        return true
      }
      guard let id = ids[promise] else { return false }
      switch happening.act {
      case .answer(let answer):
        try clinic.call(RecordAnswer.self, RecordAnswer.Request(id: id, answer: answer.rawValue))
      case .complete:
        return try clinic.call(CompleteFollowUps.self, CompleteFollowUps.Request(ids: [id])).changed
          > 0
      case .miss:
        return try clinic.call(MissFollowUps.self, MissFollowUps.Request(ids: [id])).changed > 0
      case .cancel:
        return try clinic.call(CancelFollowUps.self, CancelFollowUps.Request(ids: [id])).changed > 0
      case .move(let anchor, let cause):
        try clinic.call(
          MoveFollowUp.self,
          MoveFollowUp.Request(
            id: id, when: Self.spelled(anchor), by: cause.rawValue, allowPast: true, anyHour: true))
      case .stop, .deceased, .inactive: break
      }
      return true
    } catch is VarlinkError { return false }
  }

  private static func spelled(_ anchor: CivilDateTime) -> String { "\(anchor.date) \(anchor.time)" }
}
