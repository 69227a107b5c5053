import FollowUpControl
import FollowUpCore
import FollowUpStore
import Testing

@testable import FollowUpService

@Suite struct AddFollowUpTests {
  @Test("R1: a follow-up is promised in the clinic's zone, planned, and said in one line")
  func add() async throws {
    let clinic = try Clinic()
    try clinic.patient()
    let reply = try clinic.call(AddFollowUp.self, .init(who: "p1", when: "2026-12-08 14:30", with: "dr-lee"))
    let made = reply.thing
    #expect(made.id == "F-1")
    #expect(made.patient == "p1")
    #expect(made.due == "2026-12-08T14:30")
    #expect(made.zone == "America/Vancouver")
    #expect(made.dueAt == "2026-12-08T21:30:00Z")
    #expect(made.owner == "role:nurse")
    #expect(made.with == "dr-lee")
    #expect(made.priority == "routine")
    #expect(made.occurrences.map(\.id) == ["F-1@2026-12-08"])
    #expect(
      made.reminders.map(\.id) == [
        "F-1@2026-12-08/1/step/three-days", "F-1@2026-12-08/1/step/day-before", "F-1@2026-12-08/1/step/missed",
      ])
    #expect(made.reminders[0].plannedAt == "2026-12-05T17:00:00Z")
    #expect(
      reply.said
        == "F-1 for Maria Álvarez: Tue 8 Dec 2026 14:30 MST, in 15 days; 2 reminders, the first Sat 5 Dec 10:00 by email"
    )
    #expect(
      try await clinic.query("SELECT verb, subject FROM audit ORDER BY seq DESC LIMIT 1") == [
        "AddFollowUp|F-1@2026-12-08"
      ])
  }

  @Test("R3: a clinic in Berlin, a visit in Vancouver in December 2027: 16:00 UTC, as the zone files say")
  func vancouver() throws {
    let clinic = try Clinic { $0.clinic.zone = "Europe/Berlin" }
    try clinic.patient()
    let made = try clinic.call(
      AddFollowUp.self, .init(who: "p1", when: "2027-12-09 09:00", zone: "America/Vancouver")
    ).thing
    #expect(made.dueAt == "2027-12-09T16:00:00Z")
  }

  @Test("An equal open one is refused and named, unless --another; once it is over there is no equal")
  func equal() throws {
    let clinic = try Clinic()
    try clinic.patient()
    try clinic.followUp()
    let error = try #require(controlError { try clinic.followUp() })
    #expect(error.kind == .duplicate)
    #expect(error.existing == "F-1")
    #expect(controlError { try clinic.followUp("p1", "2026-12-08 14:30", plan: "surgery") } == nil)
    let another = try clinic.call(AddFollowUp.self, .init(who: "p1", when: "2026-12-08 14:30", another: true))
    #expect(another.thing.id == "F-3")
    for id in ["F-1", "F-3"] { try clinic.call(CancelFollowUps.self, .init(ids: [id])) }
    #expect(controlError { try clinic.followUp() } == nil)
  }

  @Test("A source's own id finds a follow-up; the same again is a duplicate, an upsert changes it")
  func external() throws {
    let clinic = try Clinic()
    try clinic.patient()
    var request = AddFollowUp.Request(
      who: "p1", when: "2026-12-08 14:30", source: "pms", externalId: "4711")
    try clinic.call(AddFollowUp.self, request)
    #expect(try clinic.show("pms:4711").id == "F-1")
    #expect(controlError { try clinic.call(AddFollowUp.self, request) }?.existing == "F-1")
    request.upsert = true
    #expect(try !clinic.call(AddFollowUp.self, request).changed)
    request.when = "2026-12-09 10:00"
    request.priority = "urgent"
    let moved = try clinic.call(AddFollowUp.self, request)
    #expect(moved.changed)
    #expect(moved.thing.due == "2026-12-09T10:00")
    #expect(moved.thing.occurrences.map(\.id) == ["F-1@2026-12-08"], "the key stays")
    #expect(moved.thing.occurrences[0].revision == 2)
    #expect(moved.thing.priority == "urgent")
  }

  @Test("A patient who is inactive or has died gets no new follow-up")
  func unfit() throws {
    let clinic = try Clinic()
    try clinic.patient()
    try clinic.call(InactivatePatient.self, .init(who: "p1"))
    #expect(controlError { try clinic.followUp() }?.kind == .conflict)
    var request = MarkDeceased.Request(who: "p1")
    request.confirmed = true
    try clinic.call(MarkDeceased.self, request)
    #expect(controlError { try clinic.followUp() }?.kind == .conflict)
  }

  @Test("The id of a follow-up means the earliest date that is not over; over, it is shown but not acted on")
  func meaning() throws {
    let clinic = try Clinic()
    try clinic.patient()
    try clinic.followUp()
    for text in ["F-1", "f-1", "1", "F-1@2026-12-08"] { #expect(try clinic.show(text).id == "F-1") }
    try clinic.call(CompleteFollowUps.self, .init(ids: ["1"]))
    #expect(try clinic.show("F-1").status == "ended")
    #expect(try clinic.show("F-1").due == "2026-12-08T14:30")
    let error = try #require(controlError { try clinic.call(RecordAnswer.self, .init(id: "F-1", answer: "yes")) })
    #expect(error.kind == .conflict)
    #expect(error.kind.exitCode == 79)
    #expect(error.why.contains("already closed"))
  }
}

@Suite struct AnswerTests {
  @Test("R14: yes confirms, and ends the reminders that ask; again it is no change")
  func yes() async throws {
    let clinic = try Clinic()
    try clinic.patient()
    try clinic.followUp()
    let reply = try clinic.call(RecordAnswer.self, .init(id: "F-1", answer: "yes", via: "phone"))
    #expect(reply.changed)
    #expect(reply.thing.occurrences[0].status == "confirmed")
    #expect(reply.thing.occurrences[0].answer == "yes")
    #expect(reply.thing.reminders.map(\.state) == ["cancelled", "cancelled", "planned"])
    #expect(reply.thing.reminders[0].reason == "confirmed")
    #expect(try !clinic.call(RecordAnswer.self, .init(id: "F-1", answer: "yes")).changed)
    #expect(try await clinic.query("SELECT answer_via, answered_by FROM occurrence") == ["phone|ana"])
  }

  @Test(
    "R14: another answer keeps it open and raises a task for the plan's owner",
    arguments: [("no", "declined"), ("rearrange", "rearrange"), ("call-me", "call-me")])
  func others(_ answer: String, _ reason: String) throws {
    let clinic = try Clinic()
    try clinic.patient()
    try clinic.followUp(plan: "surgery")
    let reply = try clinic.call(RecordAnswer.self, .init(id: "F-1", answer: answer))
    #expect(reply.thing.occurrences[0].status == "open")
    #expect(reply.thing.occurrences[0].answer == answer)
    #expect(reply.thing.reminders.prefix(2).allSatisfy { $0.state == "cancelled" })
    let tasks = try clinic.openTasks()
    #expect(tasks.map(\.reason.rawValue) == [reason])
    #expect(tasks[0].subject == "F-1@2026-12-08")
    #expect(tasks[0].owner == "role:nurse")
    #expect(tasks[0].priority == .soon)
    try clinic.call(RecordAnswer.self, .init(id: "F-1", answer: "yes"))
    #expect(try clinic.openTasks().isEmpty, "the reason is gone")
  }

  @Test("R12: what is claimed and has not begun is withdrawn before the answer; what has begun is let be")
  func withdraws() async throws {
    let clinic = try Clinic()
    try clinic.patient()
    try clinic.followUp()
    let message = try clinic.claim()
    try clinic.call(RecordAnswer.self, .init(id: "F-1", answer: "yes"))
    #expect(clinic.withdrawing.asked == [message])
    #expect(try await clinic.query("SELECT state FROM message") == ["cancelled"])
    #expect(try await clinic.query("SELECT state FROM attempt") == ["withdrawn"])

    try clinic.patient("p2")
    try clinic.followUp("p2")
    let begun = try clinic.claim("p2")
    clinic.withdrawing.begin(begun)
    try clinic.call(RecordAnswer.self, .init(id: "F-2", answer: "yes"))
    #expect(try await clinic.query("SELECT state FROM message WHERE id = \(begun)") == ["claimed"])
  }

  @Test("A dry run takes nothing back from a worker")
  func rehearsal() throws {
    let clinic = try Clinic()
    try clinic.patient()
    try clinic.followUp()
    try clinic.claim()
    var request = RecordAnswer.Request(id: "F-1", answer: "yes")
    request.dryRun = true
    try clinic.call(RecordAnswer.self, request)
    #expect(clinic.withdrawing.asked.isEmpty)
  }
}

@Suite struct EndingTests {
  @Test("R14: completed, missed and cancelled end a follow-up once; another end is a conflict")
  func ends() throws {
    let clinic = try Clinic()
    try clinic.patient()
    for (number, when) in ["2026-12-08 10:00", "2026-12-09 10:00", "2026-12-10 10:00"].enumerated() {
      try clinic.followUp("p1", when)
      let id = "F-\(number + 1)"
      let acts: [() throws -> Int] = [
        { try clinic.call(CompleteFollowUps.self, .init(ids: [id])).changed },
        { try clinic.call(MissFollowUps.self, .init(ids: [id])).changed },
        { try clinic.call(CancelFollowUps.self, .init(ids: [id], by: "patient", reason: "ill")).changed },
      ]
      #expect(try acts[number]() == 1)
      #expect(try acts[number]() == 0, "nothing to change")
      for (other, act) in acts.enumerated() where other != number {
        #expect(controlError(act)?.kind == .conflict)
      }
      #expect(try clinic.show(id).status == "ended")
      #expect(try clinic.show(id).occurrences[0].status == ["completed", "missed", "cancelled"][number])
    }
    let missed = try clinic.show("F-2").reminders
    #expect(
      missed.map(\.state) == ["cancelled", "cancelled", "planned"], "the step for missed visits is still to come")
    #expect(try clinic.show("F-1").reminders.map(\.state) == ["cancelled", "cancelled", "cancelled"])
  }

  @Test("Several at once are shown first; agreed to, the good ones are done and the others named")
  func several() async throws {
    let clinic = try Clinic()
    try clinic.patient()
    try clinic.followUp("p1", "2026-12-08 10:00")
    try clinic.followUp("p1", "2026-12-09 10:00")
    let before = try await clinic.rows()
    var request = CancelFollowUps.Request(ids: ["F-1", "F-2", "F-99"])
    let preview = try clinic.call(CancelFollowUps.self, request)
    #expect(preview.changed == 0)
    #expect(preview.preview?.count == 2)
    #expect(preview.preview?.lines.count == 2)
    #expect(try await clinic.rows() == before)
    request.confirmed = true
    let done = try clinic.call(CancelFollowUps.self, request)
    #expect(done.changed == 2)
    #expect(done.items.map(\.id) == ["F-1", "F-2"])
    #expect(done.failures.map(\.id) == ["F-99"])
    #expect(done.failures.map(\.code) == ["not-found"])
  }

  @Test("A day's visits are completed together, on the clinic's calendar")
  func day() throws {
    let clinic = try Clinic()
    try clinic.patient()
    try clinic.followUp("p1", "2026-12-08 08:00")
    try clinic.followUp("p1", "2026-12-08 17:30")
    try clinic.followUp("p1", "2026-12-09 08:00")
    var request = CompleteFollowUps.Request(day: "2026-12-08")
    #expect(try clinic.call(CompleteFollowUps.self, request).preview?.count == 2)
    request.confirmed = true
    #expect(try clinic.call(CompleteFollowUps.self, request).changed == 2)
    #expect(try clinic.show("F-3").status == "active")
  }
}

@Suite struct MoveTests {
  @Test("R14: a move by the clinic asks anew, under a new revision; the key stays")
  func clinicMoves() throws {
    let clinic = try Clinic()
    try clinic.patient()
    try clinic.followUp()
    try clinic.call(RecordAnswer.self, .init(id: "F-1", answer: "yes"))
    let reply = try clinic.call(MoveFollowUp.self, .init(id: "F-1", when: "2026-12-10 09:00"))
    let occurrence = reply.thing.occurrences[0]
    #expect(occurrence.id == "F-1@2026-12-08")
    #expect(occurrence.due == "2026-12-10T09:00")
    #expect(occurrence.revision == 2)
    #expect(occurrence.status == "open")
    #expect(occurrence.answer == "none")
    #expect(reply.thing.reminders.filter { $0.revision == 2 }.map(\.state) == ["planned", "planned", "planned"])
    #expect(reply.thing.reminders.filter { $0.revision == 1 }.allSatisfy { $0.state == "cancelled" })
    #expect(reply.said.contains("Thu 10 Dec 2026 09:00 MST"))
  }

  @Test("R14: by the patient it stays confirmed, and is not asked about again")
  func patientMoves() throws {
    let clinic = try Clinic()
    try clinic.patient()
    try clinic.followUp()
    try clinic.call(RecordAnswer.self, .init(id: "F-1", answer: "yes"))
    let reply = try clinic.call(MoveFollowUp.self, .init(id: "F-1", when: "2026-12-10 09:00", by: "patient"))
    #expect(reply.thing.occurrences[0].status == "confirmed")
    #expect(reply.thing.occurrences[0].answer == "yes")
    #expect(reply.thing.reminders.filter { $0.revision == 2 }.map(\.state) == ["cancelled", "cancelled", "planned"])
    // What is for a missed visit is not promised to who is expected.
    #expect(reply.said.hasSuffix("; no reminders"), "\(reply.said)")
  }

  @Test("R14: a move closes the tasks that were about the former date; the taken one is flagged")
  func formerTasks() async throws {
    let clinic = try Clinic()
    try clinic.patient()
    try clinic.followUp()
    try await clinic.edit(
      ["closed", "no-permitted-time", "expired", "late", "budget", "unconfirmed", "uncertain-delivery"].map {
        """
        INSERT INTO task (subject, reason, patient_id, occurrence_id, priority, owner, state, due_at, created_at)
          VALUES ('F-1@2026-12-08', '\($0)', 1, 1, 2, 'role:front-desk', '\($0 == "late" ? "taken" : "open")', 0, 0)
        """
      }.joined(separator: ";"))
    try clinic.call(MoveFollowUp.self, .init(id: "F-1", when: "2026-12-11"))
    #expect(try clinic.openTasks().map(\.reason.rawValue).sorted() == ["late", "uncertain-delivery"])
    #expect(try await clinic.query("SELECT reason FROM task WHERE flagged = 1") == ["late"])
  }

  @Test("To the same time nothing changes; a day alone keeps the time of day; the task to rearrange is done")
  func details() throws {
    let clinic = try Clinic()
    try clinic.patient()
    try clinic.followUp()
    #expect(try !clinic.call(MoveFollowUp.self, .init(id: "F-1", when: "2026-12-08 14:30")).changed)
    #expect(try clinic.show("F-1").occurrences[0].revision == 1)
    try clinic.call(RecordAnswer.self, .init(id: "F-1", answer: "rearrange"))
    #expect(try clinic.openTasks().count == 1)
    let reply = try clinic.call(MoveFollowUp.self, .init(id: "F-1", when: "2026-12-11", by: "patient"))
    #expect(reply.thing.due == "2026-12-11T14:30")
    #expect(try clinic.openTasks().isEmpty)
  }

  @Test("R1: a follow-up of another zone moves on that zone's clock")
  func zone() throws {
    let clinic = try Clinic()
    try clinic.patient()
    try clinic.call(AddFollowUp.self, .init(who: "p1", when: "2026-12-08 10:00", zone: "Asia/Tokyo"))
    let reply = try clinic.call(MoveFollowUp.self, .init(id: "F-1", when: "2026-12-09 11:00"))
    #expect(reply.thing.zone == "Asia/Tokyo")
    #expect(reply.thing.dueAt == "2026-12-09T02:00:00Z")
  }
}
