import FollowUpControl
import FollowUpCore
import FollowUpStore
import Support
import Testing

@testable import FollowUpService

@Suite struct HoldTests {
  @Test("A hold withdraws claims in its scope, ends by itself, and is released once")
  func holds() async throws {
    let clinic = try Clinic()
    try clinic.patient("p1")
    try clinic.patient("p2")
    try clinic.followUp("p1")
    try clinic.followUp("p2")
    let message = try clinic.claim("p1")
    try clinic.claim("p2")
    let reply = try clinic.call(
      AddHold.self, .init(kind: "patient", subject: "p1", until: "2026-11-24 12:00", reason: "in hospital"))
    #expect(reply.thing.id == "H-1")
    #expect(reply.thing.subject == "p1")
    #expect(reply.thing.until == "2026-11-24T19:00:00Z")
    #expect(clinic.withdrawing.asked == [message])
    #expect(try await clinic.query("SELECT kind, subject, wake_at FROM deadline WHERE kind = 'hold-end'").count == 1)
    #expect(try clinic.call(ListHolds.self, .init()).items.map(\.id) == ["H-1"])
    #expect(try clinic.call(ReleaseHolds.self, .init(what: "H-1")).changed == 1)
    #expect(try clinic.call(ReleaseHolds.self, .init(what: "H-1")).changed == 0)
    #expect(try clinic.call(ListHolds.self, .init()).items.isEmpty)
    #expect(try await clinic.query("SELECT count(*) FROM deadline WHERE kind = 'hold-end'") == ["0"])
  }

  @Test("The same hold twice is no change; release all shows first, and ends all of them")
  func again() throws {
    let clinic = try Clinic()
    let request = AddHold.Request(kind: "channel", subject: "email", reason: "relay is down")
    #expect(try clinic.call(AddHold.self, request, as: Clinic.root).changed)
    #expect(try !clinic.call(AddHold.self, request, as: Clinic.root).changed)
    try clinic.call(AddHold.self, .init(kind: "all", reason: "fire drill"), as: Clinic.root)
    #expect(try clinic.call(GetStatus.self, .init()).held)
    var release = ReleaseHolds.Request(what: "all")
    #expect(try clinic.call(ReleaseHolds.self, release, as: Clinic.root).preview?.count == 2)
    release.confirmed = true
    #expect(try clinic.call(ReleaseHolds.self, release, as: Clinic.root).changed == 2)
    #expect(try !clinic.call(GetStatus.self, .init()).held)
  }

  @Test("R6: release clock vouches for the clock")
  func clock() async throws {
    let clinic = try Clinic()
    #expect(try clinic.call(ReleaseHolds.self, .init(what: "clock"), as: Clinic.root).changed == 0)
    #expect(!clinic.service.wasClockVouchedFor, "nothing to release")
    clinic.service.doubtClock()
    var request = ReleaseHolds.Request(what: "clock")
    request.dryRun = true
    try clinic.call(ReleaseHolds.self, request, as: Clinic.root)
    #expect(!clinic.service.wasClockVouchedFor, "a dry run changes nothing")
    request.dryRun = nil
    let reply = try clinic.call(ReleaseHolds.self, request, as: Clinic.root)
    #expect(reply.changed == 1)
    #expect(reply.said == ["the clock is believed again"])
    #expect(clinic.service.wasClockVouchedFor)
    #expect(try await clinic.query("SELECT verb, subject FROM audit") == ["ReleaseHolds|clinic"])
  }
}

@Suite struct OutboxTests {
  @Test("Messages are listed the newest first, shown with attempts, and their body only when asked for")
  func lists() throws {
    let clinic = try Clinic()
    for ref in ["p1", "p2", "p3"] {
      try clinic.patient(ref)
      try clinic.followUp(ref)
      try clinic.claim(ref)
    }
    let all = try clinic.call(ListMessages.self, .init())
    #expect(all.items.map(\.id) == ["M-3", "M-2", "M-1"])
    let first = try clinic.call(ListMessages.self, .init(limit: 2))
    #expect(first.total == 3)
    #expect(try clinic.call(ListMessages.self, .init(limit: 2, after: first.next)).items.map(\.id) == ["M-1"])
    #expect(try clinic.call(ListMessages.self, .init(state: "sent")).total == 0)
    let message = try clinic.call(ShowMessage.self, .init(id: "M-1"))
    #expect(message.patient == "p1")
    #expect(message.reminders == ["F-1@2026-12-08/1/step/three-days"])
    #expect(message.attempts.map(\.n) == [1])
    #expect(message.body == nil)
    #expect(try clinic.call(ShowMessage.self, .init(id: "1", body: true)).body == "t")
  }

  @Test("What waits is tried again now; what does not wait is a conflict")
  func retry() async throws {
    let clinic = try Clinic()
    try clinic.patient()
    try clinic.followUp()
    try clinic.claim(waiting: true)
    #expect(try clinic.call(RetryMessages.self, .init(ids: ["M-1"])).changed == 1)
    #expect(
      try await clinic.query("SELECT wake_at FROM reminder WHERE state = 'waiting'")
        == [String(clinic.clock.now().seconds)])
    try clinic.patient("p2")
    try clinic.followUp("p2")
    try clinic.claim("p2")
    #expect(controlError { try clinic.call(RetryMessages.self, .init(ids: ["M-2"])) }?.kind == .conflict)
  }

  @Test("A drop is shown first; routine reminders are dropped with a reason, soon ones become a task too")
  func drop() async throws {
    let clinic = try Clinic()
    for (ref, plan) in [("p1", "visit"), ("p2", "surgery")] {
      try clinic.patient(ref)
      try clinic.followUp(ref, plan: plan)
      try clinic.claim(ref)
    }
    var request = DropMessages.Request(ids: ["M-1", "M-2"], reason: "sent by hand")
    #expect(try clinic.call(DropMessages.self, request).preview?.count == 2)
    #expect(clinic.withdrawing.asked.isEmpty)
    request.confirmed = true
    let reply = try clinic.call(DropMessages.self, request)
    #expect(reply.changed == 2)
    #expect(reply.items.map(\.state) == ["cancelled", "cancelled"])
    #expect(
      try await clinic.query("SELECT state, reason FROM reminder WHERE step = 'three-days'")
        == ["dropped|dropped-by-staff", "dropped|dropped-by-staff"])
    #expect(try clinic.openTasks().map(\.subject) == ["F-2@2026-12-08"])
    #expect(try clinic.call(DropMessages.self, request).changed == 0)
  }

  @Test("A message whose first byte has left cannot be dropped")
  func dropBegun() throws {
    let clinic = try Clinic()
    try clinic.patient()
    try clinic.followUp()
    clinic.withdrawing.begin(try clinic.claim())
    var request = DropMessages.Request(ids: ["M-1"], reason: "r")
    request.confirmed = true
    #expect(controlError { try clinic.call(DropMessages.self, request) }?.kind == .conflict)
  }
}

@Suite struct ListTests {
  @Test("Follow-ups are listed by when they are due, filtered and paged")
  func lists() throws {
    let clinic = try Clinic()
    try clinic.patient("p1")
    try clinic.patient("p2", name: "Joan Baker")
    try clinic.followUp("p1", "2026-12-10 10:00")
    try clinic.followUp("p2", "2026-12-08 10:00", plan: "surgery")
    try clinic.followUp("p1", "2026-12-09 10:00")
    try clinic.call(CancelFollowUps.self, .init(ids: ["F-3"]))
    func ids(_ request: ListFollowUps.Request) throws -> [String] {
      try clinic.call(ListFollowUps.self, request).items.map(\.id)
    }
    #expect(try ids(.init()) == ["F-2", "F-3", "F-1"])
    #expect(try ids(.init(patient: "p1")) == ["F-3", "F-1"])
    #expect(try ids(.init(status: "active")) == ["F-2", "F-1"])
    #expect(try ids(.init(status: "cancelled")) == ["F-3"])
    #expect(try ids(.init(plan: "surgery")) == ["F-2"])
    #expect(try ids(.init(priority: "soon")) == ["F-2"])
    #expect(try ids(.init(from: "2026-12-09", to: "2026-12-10")) == ["F-3", "F-1"])
    let page = try clinic.call(ListFollowUps.self, .init(limit: 2))
    #expect(page.total == 3)
    #expect(try ids(.init(limit: 2, after: page.next)) == ["F-1"])
  }

  @Test("What is upcoming comes first things first, with what would be decided at that time")
  func upcoming() throws {
    let clinic = try Clinic()
    try clinic.patient("p1")
    try clinic.patient("p2", name: "Joan Baker")
    try clinic.followUp("p1", "2026-12-10 10:00")
    try clinic.followUp("p2", "2026-12-08 10:00", plan: "surgery")
    let items = try clinic.call(ListUpcoming.self, .init()).items
    #expect(
      items.map(\.followUp).prefix(3) == ["F-2", "F-2", "F-1"]
        || items.map(\.followUp).prefix(3) == ["F-2", "F-1", "F-2"])
    #expect(items.map { $0.wakeAt ?? "" } == items.map { $0.wakeAt ?? "" }.sorted())
    #expect(items.count == 6)
    #expect(try clinic.call(ListUpcoming.self, .init(patient: "p1")).items.allSatisfy { $0.patient == "p1" })
    #expect(try clinic.call(ListUpcoming.self, .init(days: 12)).items.map(\.step) == ["three-days"])
    var seen: [String] = []
    var next: String?
    repeat {
      let page = try clinic.call(ListUpcoming.self, .init(limit: 4, after: next))
      #expect(page.total == 6)
      seen += page.items.map(\.id)
      next = page.next
    } while next != nil
    #expect(seen == items.map(\.id))
  }

  @Test("R12: explain answers nine checks for each reminder that is not final, the next first")
  func explain() throws {
    let clinic = try Clinic()
    try clinic.patient()
    try clinic.followUp()
    let items = try clinic.call(Explain.self, .init(subject: "F-1")).items
    #expect(items.map(\.zone) == Array(repeating: "America/Vancouver", count: items.count), "times are read there")
    #expect(items.map(\.reminder.step) == ["three-days", "day-before", "missed"])
    #expect(items.allSatisfy { $0.checks.map(\.n) == Array(1...9) })
    #expect(try clinic.call(Explain.self, .init(subject: "p1")).items == items)
    #expect(
      try clinic.call(Explain.self, .init(subject: "F-1@2026-12-08/1/step/day-before")).items.map(\.reminder.step)
        == ["day-before"])
    try clinic.call(CancelFollowUps.self, .init(ids: ["F-1"]))
    let last = try clinic.call(Explain.self, .init(subject: "F-1")).items
    #expect(last.count == 1)
    #expect(last[0].decision == "drop")
    #expect(last[0].reason == "cancelled")
    #expect(last[0].history.contains { $0.what == "visit cancelled" && $0.by == "ana" })
  }

  @Test("Show takes any id")
  func show() throws {
    let clinic = try Clinic()
    try clinic.patient()
    try clinic.followUp(plan: "surgery")
    try clinic.claim()
    try clinic.call(AddHold.self, .init(kind: "patient", subject: "p1", reason: "r"))
    try clinic.call(RecordAnswer.self, .init(id: "F-1", answer: "no"))
    for (id, kind) in [
      ("p1", "patient"), ("F-1", "followUp"), ("M-1", "message"), ("H-1", "hold"), ("T-1", "task"),
      ("F-1@2026-12-08/1/step/missed", "reminder"), ("alvarez", "patient"),
    ] {
      #expect(try clinic.call(Show.self, .init(id: id)).kind == kind, "\(id)")
    }
    let task = try #require(try clinic.call(Show.self, .init(id: "T-1")).task)
    #expect(task.reason == "declined")
    #expect(task.patient?.ref == "p1")
    #expect(task.followUp == "F-1")
  }

  @Test("The status counts what there is")
  func status() throws {
    let clinic = try Clinic()
    try clinic.patient("p1")
    try clinic.patient("p2", name: "B")
    try clinic.followUp("p1", plan: "surgery")
    try clinic.followUp("p2")
    try clinic.call(CompleteFollowUps.self, .init(ids: ["F-2"]))
    try clinic.claim("p1")
    let status = try clinic.call(GetStatus.self, .init())
    #expect(status.version == "1.2.3")
    #expect(status.mode == "live")
    #expect(status.health == "ok")
    #expect(status.patients == 2)
    #expect(status.followUps == FollowUpCountsView(active: 1, ended: 1))
    #expect(status.occurrences.open == 1)
    #expect(status.occurrences.completed == 1)
    #expect(status.reminders.planned == 2)
    #expect(status.reminders.claimed == 1)
    #expect(status.reminders.oldestDue == nil)
    #expect(status.nextWake == "2026-12-07T17:00:00Z")
    #expect(status.channels.map(\.waiting) == [1, 0])
  }

  @Test("Status names what is overdue, however many tasks of more weight have time")
  func overdue() async throws {
    let clinic = try Clinic()
    let now = clinic.clock.now().seconds
    for number in 1...6 {
      try await clinic.edit(
        """
        INSERT INTO task (subject, reason, priority, owner, due_at, created_at)
        VALUES ('P:\(number)', 'bounced', \(number < 6 ? 1 : 2), 'role:front-desk',
          \(number < 6 ? now + 86_400 : now - 86_400), \(now))
        """)
    }
    let status = try clinic.call(GetStatus.self, .init())
    #expect(status.tasks.overdue == 1)
    #expect(status.attention.map(\.what) == ["T-6 bounced, routine"])
  }

  @Test("Plans are listed and shown; an unknown one is not-found with what was meant")
  func plans() throws {
    let clinic = try Clinic()
    #expect(try clinic.call(ListPlans.self, .init()).items.map(\.name) == ["surgery", "visit"])
    let plan = try clinic.call(ShowPlan.self, .init(name: "visit"))
    #expect(plan.steps.map(\.at) == ["-3d 10:00", "-1d 10:00", "+1d 10:00"])
    let error = try #require(controlError { try clinic.call(ShowPlan.self, .init(name: "vist")) })
    #expect(error.kind == .notFound)
    #expect(error.hint.contains("visit"))
  }
}
