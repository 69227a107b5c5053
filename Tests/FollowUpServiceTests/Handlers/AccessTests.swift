import FollowUpControl
import FollowUpCore
import FollowUpStore
import FollowUpSystem
import Testing

@testable import FollowUpService

/// Who may do what: the rights' table of the interface.
@Suite struct AccessTests {
  @Test("Every method of the interface has one handler")
  func complete() {
    #expect(Set(Dispatch.routes.keys) == Set(ControlMethods.all.map { $0.name }))
  }

  @Test(
    "A method is open to those whose row of the table has it, and to no others",
    arguments: ControlMethods.all.map { $0.name })
  func table(_ method: String) throws {
    let clinic = try Clinic()
    let needed = try #require(Dispatch.routes[method]).access
    for (peer, rights) in [
      (Clinic.stranger, [Right.anyone]), (Clinic.monitor, [.anyone, .monitor]),
      (Clinic.inbound, [.anyone, .inbound]), (Clinic.staff, [.anyone, .monitor, .staff]),
      (Clinic.root, Right.allCases),
    ] {
      let answer = clinic.raw(method, "{}", as: peer)
      var isRefused = false
      if case .failure(let error) = answer { isRefused = error.name == "org.followupd.NotPermitted" }
      #expect(isRefused == !rights.contains(needed), "\(method) by \(peer.uid)")
    }
  }

  @Test("A refusal names the group, and is on record with its method")
  func recorded() async throws {
    let clinic = try Clinic()
    let error = try #require(controlError { try clinic.call(ListPatients.self, .init(), as: Clinic.monitor) })
    #expect(error.kind == .notPermitted)
    #expect(error.kind.exitCode == 77)
    #expect(error.why.contains("'followup'"))
    #expect(clinic.service.refused == ["ListPatients followup 1002"])
    #expect(
      try await clinic.query("SELECT uid, verb, fields FROM audit ORDER BY seq DESC LIMIT 1")
        == ["1002|refused|method=ListPatients needs=followup"])
    #expect(try clinic.store.firstAuditMisfit() == nil)
  }

  @Test("The daemon's own user and the admin group are administrators; a group that does not exist grants nothing")
  func administrators() throws {
    let clinic = try Clinic { $0.access.staffGroup = "no-such-group" }
    let hold = AddHold.Request(kind: "all", reason: "test")
    for peer in [
      Clinic.root, Peer(uid: 400, gid: 400, pid: 1, groups: []), Peer(uid: 7, gid: 7, pid: 1, groups: [53]),
    ] {
      #expect(controlError { try clinic.call(AddHold.self, hold, as: peer) } == nil)
    }
    #expect(controlError { try clinic.call(ListPatients.self, .init()) }?.kind == .notPermitted)
  }

  @Test("--as takes a name that lists the user; others are refused, and the record names the one acted as")
  func actingAs() async throws {
    let clinic = try Clinic()
    try clinic.patient()
    var request = MarkDeceased.Request(who: "p1")
    request.confirmed = true
    for name in ["ben", "nobody"] {
      request.actingAs = name
      let error = controlError { try clinic.call(MarkDeceased.self, request) }
      #expect(error?.kind == .notPermitted)
    }
    #expect(try clinic.call(ShowPatient.self, .init(who: "p1")).status == "active")
    request.actingAs = "ben"
    try clinic.call(MarkDeceased.self, request, as: Clinic.root)
    #expect(try await clinic.query("SELECT uid, staff FROM audit ORDER BY seq DESC LIMIT 1") == ["0|ben"])
    #expect(try clinic.call(WhoAmI.self, .init()).actingAs == "ana")
    #expect(try clinic.call(WhoAmI.self, .init()).access == ["anyone", "monitor", "staff"])
  }

  @Test("Staff may hold a patient; a hold of more is an administrator's")
  func holds() throws {
    let clinic = try Clinic()
    try clinic.patient()
    #expect(controlError { try clinic.call(AddHold.self, .init(kind: "patient", subject: "p1", reason: "r")) } == nil)
    for (kind, subject) in [("all", nil), ("plan", "visit"), ("channel", "email")] as [(String, String?)] {
      let error = controlError { try clinic.call(AddHold.self, .init(kind: kind, subject: subject, reason: "r")) }
      #expect(error?.kind == .notPermitted, "\(kind)")
    }
    for what in ["all", "clock", "restored"] {
      #expect(controlError { try clinic.call(ReleaseHolds.self, .init(what: what)) }?.kind == .notPermitted, "\(what)")
    }
    #expect(try clinic.call(ReleaseHolds.self, .init(what: "H-1")).changed == 1)
    #expect(try clinic.call(ReleaseHolds.self, .init(what: "backlog")).changed == 0)
  }

  @Test("A monitor reads the status, without a name in it")
  func monitor() throws {
    let clinic = try Clinic()
    try clinic.patient()
    try clinic.call(AddHold.self, .init(kind: "patient", subject: "p1", reason: "secret words"))
    let relay = AddHold.Request(kind: "channel", subject: "email", reason: "secret relay")
    try clinic.call(AddHold.self, relay, as: Clinic.root)
    #expect(try clinic.call(GetStatus.self, .init()).channels.map(\.why) == ["secret relay", nil], "staff read it")
    let status = try clinic.call(GetStatus.self, .init(), as: Clinic.monitor)
    #expect(status.holds.count == 2)
    let text = String(decoding: try WireJSON.encode(status), as: UTF8.self)
    for secret in ["secret", "\"p1\"", "lvarez", "example.org"] { #expect(!text.contains(secret), "\(secret)") }
  }

  @Test("A receipt by which a contact has bounced is told to the service with the task that mends it")
  func bouncedByReceipt() async throws {
    let clinic = try Clinic()
    try clinic.patient()
    try clinic.followUp()
    try clinic.claim(waiting: true)
    let request = RecordReceipt.Request(id: "M-1", outcome: "failed", code: "550-5.1.1")
    _ = try clinic.call(RecordReceipt.self, request, as: Clinic.inbound)
    #expect(try await clinic.query("SELECT id, reason FROM task") == ["1|bounced"])
    #expect(clinic.service.receipts == ["failed M-1 email 550-5.1.1 - T-1"])
  }

  @Test("Inbound records receipts, reads nothing of the patient, and does nothing else; others cannot stand in for it")
  func inbound() async throws {
    let clinic = try Clinic()
    try clinic.patient(name: "Maria Álvarez")
    try clinic.followUp()
    try clinic.claim(waiting: true)
    let request = RecordReceipt.Request(id: "M-1", outcome: "failed", code: "30003")
    for peer in [Clinic.staff, Clinic.monitor, Clinic.stranger] {
      #expect(controlError { try clinic.call(RecordReceipt.self, request, as: peer) }?.kind == .notPermitted)
    }
    let reply = try clinic.call(RecordReceipt.self, request, as: Clinic.inbound)
    #expect(reply.changed && reply.thing.id == "M-1" && reply.thing.patient == nil)
    #expect(reply.thing.attempts.allSatisfy { $0.detail == nil })
    let text = String(decoding: try WireJSON.encode(reply), as: UTF8.self)
    for secret in ["p1", "lvarez", "example.org/", "p1@"] { #expect(!text.contains(secret), "\(secret)") }
    #expect(clinic.service.receipts == ["failed M-1 email 30003 - -"])
    #expect(
      try await clinic.query("SELECT uid, staff, verb, fields FROM audit ORDER BY seq DESC LIMIT 1")
        == ["1003|gate|RecordReceipt|receipt=failed code=30003"])
    #expect(try await clinic.query("SELECT count(*) FROM staff WHERE name = 'gate'") == ["0"])
    #expect(try clinic.call(RecordReceipt.self, request, as: Clinic.root).thing.patient == "p1")
    #expect(
      controlError { try clinic.call(ShowMessage.self, .init(id: "M-1"), as: Clinic.inbound) }?.kind == .notPermitted)
  }

  @Test("What no type of ours would send is answered with the field that is wrong")
  func malformed() throws {
    let clinic = try Clinic()
    for (method, parameters, field) in [
      ("ShowPatient", #"{"who": 7}"#, "who"), ("ShowPatient", "{}", "who"),
      ("AddPatient", #"{"ref": "p", "name": "N", "contacts": [{"channel": "email"}]}"#, "contacts"),
    ] {
      guard case .failure(let error) = clinic.raw("org.followupd.\(method)", parameters) else {
        Issue.record("\(method) \(parameters) was answered")
        continue
      }
      #expect(error.name == "org.followupd.Invalid")
      let decoded: ControlError = try WireJSON.decode(from: error.parameters)
      #expect(decoded.field?.contains(field) == true, "\(decoded)")
    }
    guard case .failure(let error) = clinic.raw("org.followupd.Nonsense", "{}") else {
      Issue.record("an unknown method was answered")
      return
    }
    #expect(error.name == "org.varlink.service.MethodNotFound")
  }
}
