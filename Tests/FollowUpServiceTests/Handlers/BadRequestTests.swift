import FollowUpControl
import FollowUpCore
import FollowUpStore
import Testing

@testable import FollowUpService

/// One wrong request, and the kind of error that it must end with.
struct BadRequest: Sendable, CustomTestStringConvertible {
  let name: String
  let kind: ControlError.Kind
  let act: @Sendable (Clinic) throws -> Void

  init<M: ControlMethod>(_ method: M.Type, _ kind: ControlError.Kind, _ name: String, _ request: M.Request) {
    self.name = name
    self.kind = kind
    act = { try $0.call(M.self, request, as: Clinic.root) }
  }

  var testDescription: String { name }

  private static func patient(_ name: String, _ adjust: (inout AddPatient.Request) -> Void) -> BadRequest {
    var request = AddPatient.Request(ref: "p9", name: "N")
    adjust(&request)
    return BadRequest(AddPatient.self, .invalid, "patient: \(name)", request)
  }

  private static func contact(_ name: String, _ input: ContactInput) -> BadRequest {
    patient(name) { $0.contacts = [input] }
  }

  private static func add(
    _ name: String, _ kind: ControlError.Kind = .invalid, _ when: String = "2026-12-20 10:00",
    _ adjust: (inout AddFollowUp.Request) -> Void = { _ in }
  ) -> BadRequest {
    var request = AddFollowUp.Request(who: "p1", when: when)
    adjust(&request)
    return BadRequest(AddFollowUp.self, kind, "add: \(name)", request)
  }

  /// They meet p1 with e-mail and F-1 (open), p2 with F-2 (cancelled), p3 deceased.
  static let all: [BadRequest] =
    [
      patient("empty ref") { $0.ref = " " },
      patient("ref with a space") { $0.ref = "a b" },
      patient("ref with a control character") { $0.ref = "a\u{7}b" },
      patient("ref that looks like an id") { $0.ref = "F-12" },
      patient("ref that looks like a message") { $0.ref = "m-7" },
      patient("long ref") { $0.ref = String(repeating: "r", count: 65) },
      patient("empty name") { $0.name = "" },
      patient("two lines of name") { $0.name = "A\nB" },
      patient("a name that turns the direction") { $0.name = "A\u{202E}B" },
      patient("long name") { $0.name = String(repeating: "n", count: 201) },
      patient("no such birthday") { $0.born = "1980-02-30" },
      patient("born tomorrow") { $0.born = "2026-11-24" },
      patient("born long ago") { $0.born = "1650-01-01" },
      patient("no language") { $0.language = "not a language" },
      patient("no such zone") { $0.zone = "Nowhere/Land" },
      patient("a zone that is a path") { $0.zone = "../../etc/passwd" },
      patient("no hours") { $0.hours = "26:00-27:00" },
      contact("no such channel", ContactInput(channel: "pigeon", address: "loft 7")),
      contact("no e-mail", ContactInput(channel: "email", address: "nowhere")),
      contact("a header in an e-mail", ContactInput(channel: "email", address: "a@example.org\r\nBcc: x@example.org")),
      contact("no number", ContactInput(channel: "sms", address: "call me")),
      contact("rank 0", ContactInput(channel: "email", address: "a@example.org", rank: 0)),
      contact("consent stopped", ContactInput(channel: "email", address: "a@example.org", consent: "stopped")),
      patient("the same address twice") {
        $0.contacts = [
          ContactInput(channel: "email", address: "a@example.org"), ContactInput(channel: "email", address: "A@Example.org"),
        ]
      },
      BadRequest(AddPatient.self, .duplicate, "patient: known ref", AddPatient.Request(ref: "p1", name: "N")),
      BadRequest(EditPatient.self, .notFound, "edit: nobody", EditPatient.Request(who: "nobody", name: "N")),
      BadRequest(EditPatient.self, .invalid, "edit: no zone", EditPatient.Request(who: "p1", zone: "Nowhere/Land")),
      BadRequest(ShowPatient.self, .invalid, "show: no one", ShowPatient.Request(who: " ")),
      BadRequest(
        AddContact.self, .conflict, "contact of the dead",
        AddContact.Request(who: "p3", channel: "sms", address: "604 555 0177")),
      BadRequest(EditContact.self, .notFound, "contact: none", EditContact.Request(who: "p1", contact: "sms", rank: 1)),
      BadRequest(
        SetConsent.self, .invalid, "consent unknown", SetConsent.Request(who: "p1", channel: "email", consent: "unknown")),
      BadRequest(
        SetConsent.self, .notFound, "consent without a contact",
        SetConsent.Request(who: "p1", channel: "sms", consent: "granted")),
      add("past", .invalid, "2020-01-07 10:00"),
      add("two readings", .ambiguous, "12/01/2026 10:00"),
      add("no such day", .invalid, "2026-02-30 10:00"),
      add("unclear", .invalid, "some day"),
      add("empty", .invalid, ""),
      add("outside the clinic's hours", .invalid, "2026-12-20 22:00"),
      add("a hundred years ahead", .invalid, "2126-12-20 10:00"),
      add("no such patient", .notFound) { $0.who = "nobody" },
      add("the dead", .conflict) { $0.who = "p3" },
      add("no such plan", .notFound) { $0.plan = "vist" },
      add("no such priority") { $0.priority = "soonish" },
      add("no such zone") { $0.zone = "Mars/Olympus" },
      add("no such role") { $0.owner = "role:pilot" },
      add("no owner") { $0.owner = "nurse" },
      add("no such clinician") { $0.with = "dr-le" },
      add("half an external id") { $0.source = "pms" },
      add("a source with a colon") {
        $0.source = "a:b"
        $0.externalId = "1"
      },
      add("a repetition") { $0.repeat = "FREQ=HOURLY" },
      add("a control character in the note") { $0.note = "a\u{1B}[2J" },
      add("equal one", .duplicate, "2026-12-08 14:30"),
      BadRequest(RecordAnswer.self, .invalid, "answer maybe", RecordAnswer.Request(id: "F-1", answer: "maybe")),
      BadRequest(RecordAnswer.self, .invalid, "answer none", RecordAnswer.Request(id: "F-1", answer: "none")),
      BadRequest(
        RecordAnswer.self, .invalid, "via pigeon", RecordAnswer.Request(id: "F-1", answer: "yes", via: "pigeon")),
      BadRequest(RecordAnswer.self, .notFound, "no such follow-up", RecordAnswer.Request(id: "F-99", answer: "yes")),
      BadRequest(
        RecordAnswer.self, .notFound, "no such date", RecordAnswer.Request(id: "F-1@2019-01-01", answer: "yes")),
      BadRequest(RecordAnswer.self, .conflict, "over", RecordAnswer.Request(id: "F-2", answer: "yes")),
      BadRequest(RecordAnswer.self, .invalid, "a message's id", RecordAnswer.Request(id: "M-1", answer: "yes")),
      BadRequest(RecordAnswer.self, .invalid, "no id", RecordAnswer.Request(id: "soon", answer: "yes")),
      BadRequest(
        RecordAnswer.self, .invalid, "a huge id",
        RecordAnswer.Request(id: "F-99999999999999999999999", answer: "yes")),
      BadRequest(MoveFollowUp.self, .invalid, "move: past", MoveFollowUp.Request(id: "F-1", when: "2020-01-01 10:00")),
      BadRequest(MoveFollowUp.self, .conflict, "move: over", MoveFollowUp.Request(id: "F-2", when: "2026-12-30 10:00")),
      BadRequest(
        MoveFollowUp.self, .invalid, "move: by nobody",
        MoveFollowUp.Request(id: "F-1", when: "2026-12-30 10:00", by: "nobody")),
      BadRequest(CompleteFollowUps.self, .usage, "complete nothing", CompleteFollowUps.Request()),
      BadRequest(CompleteFollowUps.self, .conflict, "complete a cancelled one", CompleteFollowUps.Request(ids: ["F-2"])),
      BadRequest(
        CancelFollowUps.self, .invalid, "cancel: no such scope", CancelFollowUps.Request(ids: ["F-1"], scope: "some")),
      BadRequest(Stop.self, .notFound, "stop nobody", Stop.Request(target: "nobody")),
      BadRequest(Stop.self, .invalid, "stop no channel", Stop.Request(target: "p1", channel: "pigeon")),
      BadRequest(AddHold.self, .invalid, "hold everything", AddHold.Request(kind: "everything", reason: "r")),
      BadRequest(AddHold.self, .invalid, "hold the clock", AddHold.Request(kind: "clock", reason: "r")),
      BadRequest(AddHold.self, .invalid, "hold without a reason", AddHold.Request(kind: "all", reason: "")),
      BadRequest(AddHold.self, .usage, "hold no plan", AddHold.Request(kind: "plan", reason: "r")),
      BadRequest(
        AddHold.self, .notFound, "hold: no such plan", AddHold.Request(kind: "plan", subject: "x", reason: "r")),
      BadRequest(
        AddHold.self, .notFound, "hold: no such channel", AddHold.Request(kind: "channel", subject: "x", reason: "r")),
      BadRequest(
        AddHold.self, .invalid, "hold until the past",
        AddHold.Request(kind: "all", until: "2020-01-01", reason: "r")),
      BadRequest(ReleaseHolds.self, .notFound, "no such hold", ReleaseHolds.Request(what: "H-9")),
      BadRequest(ReleaseHolds.self, .invalid, "release nonsense", ReleaseHolds.Request(what: "nonsense")),
      BadRequest(ReleaseHolds.self, .usage, "drop all", ReleaseHolds.Request(what: "all", drop: true, reason: "r")),
      BadRequest(ShowMessage.self, .notFound, "no such message", ShowMessage.Request(id: "M-9")),
      BadRequest(RetryMessages.self, .usage, "retry nothing", RetryMessages.Request()),
      BadRequest(RetryMessages.self, .invalid, "retry what was sent", RetryMessages.Request(state: "sent")),
      BadRequest(DropMessages.self, .invalid, "drop without a reason", DropMessages.Request(ids: ["M-9"], reason: "")),
      BadRequest(ListFollowUps.self, .invalid, "no such status", ListFollowUps.Request(status: "opne")),
      BadRequest(
        ListFollowUps.self, .invalid, "days in the wrong order",
        ListFollowUps.Request(from: "2026-12-09", to: "2026-12-01")),
      BadRequest(ListFollowUps.self, .invalid, "limit 0", ListFollowUps.Request(limit: 0)),
      BadRequest(ListFollowUps.self, .invalid, "a cursor of nobody's", ListFollowUps.Request(after: "x")),
      BadRequest(ListUpcoming.self, .invalid, "minus days", ListUpcoming.Request(days: -1)),
      BadRequest(Show.self, .invalid, "F-0", Show.Request(id: "F-0")),
      BadRequest(Show.self, .invalid, "X-1", Show.Request(id: "X-1")),
      BadRequest(Show.self, .invalid, "no such day in an id", Show.Request(id: "F-1@2026-02-30")),
      BadRequest(Show.self, .notFound, "F-99", Show.Request(id: "F-99")),
      BadRequest(
        CheckPlans.self, .invalid, "a relative folder", CheckPlans.Request(directory: "plans.d")),
    ]
}

@Suite struct BadRequestTests {
  @Test("A wrong request gets one error with what to do, and changes no row")
  func table() async throws {
    let clinic = try Clinic()
    for ref in ["p1", "p2", "p3"] { try clinic.patient(ref) }
    try clinic.followUp("p1")
    try clinic.followUp("p2")
    try clinic.call(CancelFollowUps.self, .init(ids: ["F-2"]))
    var deceased = MarkDeceased.Request(who: "p3")
    deceased.confirmed = true
    try clinic.call(MarkDeceased.self, deceased)
    let before = try await clinic.rows()
    #expect(BadRequest.all.count >= 60)
    for bad in BadRequest.all {
      let error = controlError { try bad.act(clinic) }
      #expect(error?.kind == bad.kind, "\(bad.name): \(String(describing: error))")
      guard let error else { continue }
      #expect(!error.what.isEmpty && !error.why.isEmpty && !error.hint.isEmpty, "\(bad.name): \(error)")
      let words = "\(error.what) \(error.why) \(error.hint)"
      #expect(!words.unicodeScalars.contains { $0.properties.generalCategory == .control }, "\(bad.name)")
      #expect(!words.contains("@example.org"), "\(bad.name): an address in an error")
      #expect(try await clinic.rows() == before, "\(bad.name) changed something")
    }
    #expect(clinic.service.failed.isEmpty)
  }
}
