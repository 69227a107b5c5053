import Foundation
import Support
import Testing

/// Postfix as the clinic's relay: what it takes from the real program, and what that makes of what it refuses.
@Suite(.serialized) struct PostfixTests {
  /// A patient in a script of their own, with the text that the clinic wrote in it.
  struct Reader: Sendable {
    let ref: String
    let language: String
    let called: String
    var address: String
    let subject: String
    let lines: [String]

    init(_ ref: String, _ language: String, _ called: String, _ subject: String, _ lines: String...) {
      self.ref = ref
      self.language = language
      self.called = called
      address = "\(ref)@example.net"
      self.subject = subject
      self.lines = lines
    }

    var template: String {
      """
      Subject: \(subject) {{due.time}}
      Reviewed: Ana B. 2026-11-20

      \(lines[0]) {{patient.calledName}},

      \(lines.dropFirst().joined(separator: "\n"))

      {{clinic.name}}
      {{clinic.phone}}

      """
    }
  }

  static let readers = [
    Reader(
      "plain", "en", "Mai", "Your appointment: a subject of plain words that is too long for one line of a header, at",
      "Hello", ".", "..", ".A dot first", "From here on", "=20 =3D", "A line that ends in a blank and a tab \t",
      String(repeating: "word ", count: 400)),
    Reader(
      "latin", "vi", "Nguyễn Thị Ánh Tuyết", "Lịch hẹn của bạn, “rất quan trọng”:", "Chào",
      "Bạn có lịch hẹn lúc {{due.time}}.",
      ".", "..", ".Điểm ở đầu dòng", "From đầu dòng", "=20 =C3=BC", "\ttab và khoảng trắng"),
    Reader(
      "cyrillic", "ru", "Анастасия Щёголева", "Напоминание о приёме в поликлинике: пожалуйста, приходите вовремя,",
      "Здравствуйте", "Ваш приём в {{due.time}}. " + String(repeating: "Очень длинная строка без переноса. ", count: 60)
    ),
    Reader(
      "greek", "el", "Ελευθερία Παπαδοπούλου", "Το ραντεβού σας", "Γεια σας", "Το ραντεβού σας είναι στις {{due.time}}."
    ),
    Reader(
      "arabic", "ar", "فاطمة الزهراء", "موعدك في العيادة", "مرحبا", "موعدك الساعة {{due.time}}.",
      "+1 604 555 0100 \u{200F}(هاتف)"),
    Reader("hebrew", "he", "שָׁרָה כֹּהֵן", "התור שלך במרפאה", "שלום", "התור שלך בשעה {{due.time}}."),
    Reader("devanagari", "hi", "श्रीमती लक्ष्मी", "आपकी अपॉइंटमेंट", "नमस्ते", "आपकी अपॉइंटमेंट {{due.time}} बजे है।"),
    Reader(
      "chinese", "zh", "歐陽𠮷娜", "您的預約提醒" + String(repeating: "請準時到診", count: 30), "您好",
      String(repeating: "您的預約時間是今天請準時", count: 150)),
    Reader("japanese", "ja", "髙橋さくら", "ご予約のお知らせ", "こんにちは", "ご予約は{{due.time}}です。半角ｶﾅ。"),
    Reader("thai", "th", "น้ำทิพย์ ศรีสุข", "นัดหมายของคุณ", "สวัสดี", "นัดหมายของคุณเวลา {{due.time}}"),
    Reader(
      "emoji", "fr", "Zoë 👩🏽‍⚕️", "👨‍👩‍👧‍👦🏳️‍🌈 Rendez-vous 🦷🇨🇦 " + String(repeating: "👩🏽‍⚕️", count: 20), "Bonjour 👋🏿",
      "<b>À</b> {{due.time}} & pas avant 😀 https://example.org/?a=1&b=2"),
  ]

  static let clinicName = "Praxis „Am Fluss“, Поликлиника · 河畔診療所 🏥"
  static let sender = "Ärztehaus Süd, Клиника, عيادة, 河畔診療所 und noch ein langer Name 🏥"

  private static func clinic(_ postfix: Postfix) -> ClinicFile {
    var clinic = ClinicFile()
    clinic.name = clinicName
    clinic.plans["now"] = ClinicFile.dueNow.replacing("title = \"Visit\"", with: "title = \"Visit\"\ncalendar = true")
    clinic.tables.append(
      """
      [channels.email]
      adapter = "smtp"
      url = "smtp://localhost:\(postfix.port)"
      from = "\(sender) <reminders@example.org>"
      user = "reminders"
      password_credential = "smtp-password"
      unsubscribe_mailto = "stop@example.org"
      ca_file = "\(postfix.certificate.file)"
      per_minute = 0
      """)
    for reader in readers { clinic.templates["visit.\(reader.language).txt"] = reader.template }
    return clinic
  }

  private static let password = "correct horse, bättery"

  @Test("Promise 31: Postfix delivers reminders in eight scripts and more, and Python finds no defect in any of them")
  func scripts() async throws {
    try await withPostfix(user: "reminders", password: Self.password) { postfix in
      try await withDaemon(Self.clinic(postfix), credentials: ["smtp-password": Self.password]) { daemon in
        var readers = Self.readers
        // An international domain reaches its server in ASCII (RFC 5891).
        readers[2].address = "anna@почта.example"
        let at = Visit.inAnHour
        for reader in readers {
          try await daemon.addPatient(
            reader.ref,
            contacts: ["--email", reader.address, "--called", reader.called, "--language", reader.language])
          try await daemon.addVisit(reader.ref, at: at)
        }
        try await postfix.wait(for: readers.count)
        let read = try JSON(
          parsing: try await runOrFail(
            Repository.python, [Repository.fixture("peers/read_maildir.py"), postfix.maildir])
        ).array
        #expect(read.count == readers.count)
        let outbox = try await daemon.ctl("outbox", "list", "--limit", "100")["items"].array
        for reader in readers {
          let sent = try #require(outbox.first { $0["patient"].string == reader.ref }, "\(reader.ref)")
          let meant = try await daemon.ctl("outbox", "show", sent["id"].string ?? "", "--body")
          let mail = try #require(read.first { $0["messageId"].string == sent["messageId"].string }, "\(reader.ref)")
          try Self.check(mail, reader, meant: meant, at: at)
        }
        #expect(read.allSatisfy { $0["longest"].int.map { $0 <= 998 } == true })
      }
      #expect(!postfix.log.contains("warning"), "\(postfix.log)")
    }
  }

  private static func check(_ mail: JSON, _ reader: Reader, meant: JSON, at when: String) throws {
    let who = Comment(rawValue: reader.ref)
    #expect(mail["defects"].array == [], who)
    #expect(mail["long"].array == [], who)
    #expect(mail["ascii"].bool == true, who)
    #expect(mail["subject"].string == meant["subject"].string, who)
    #expect(mail["subject"].string?.hasPrefix(reader.subject) == true, who)
    let address = reader.address.replacing("почта", with: "xn--80a1acny")
    #expect(mail["to"].string == "<\(address)>" || mail["to"].string == address, who)
    #expect(mail["from"]["name"].string == sender, who)
    #expect(mail["from"]["address"].string == "reminders@example.org", who)
    let body = try #require(meant["body"].string, who)
    #expect(mail["text"].string == (body.hasSuffix("\n") ? body : body + "\n"), who)
    for part in ["\(reader.lines[0]) \(reader.called),", clinicName] { #expect(body.contains(part), who) }
    #expect(mail["html"].string?.contains(reader.called) == true, who)
    #expect(mail["language"].string == reader.language, who)
    #expect(mail["unsubscribe"].string == "<mailto:stop@example.org?subject=STOP>", who)
    #expect(
      mail["types"].array.map { $0.string }
        == ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar"], who)
    let event = mail["event"]
    #expect(event["method"].string == "PUBLISH" && event["parameter"].string == "PUBLISH", who)
    #expect(event["start"].string.map(Visit.sameInstant(as: "\(when):00Z")) == true, who)
    #expect(event["sequence"].int == 1, who)
    #expect(event["summary"].string == clinicName && event["by"].string == clinicName, who)
    #expect(event["organizer"].string == "mailto:reminders@example.org", who)
    #expect(event["uid"].string?.isEmpty == false && event["file"].string == "appointment.ics", who)
    let received = mail["received"].array.compactMap(\.string).joined()
    #expect(received.contains("ESMTPSA") && received.contains("Authenticated sender: reminders"), who)
  }

  @Test("A rejected recipient, as staff and the operator see it: status, journal, task; no address anywhere")
  func rejected() async throws {
    let access = """
      smtpd_recipient_restrictions = check_recipient_access inline:{
        { gone@example.net = 550 5.1.1 No such user }, { closed@example.net = 554 5.7.1 Restricted } },
        permit_sasl_authenticated, reject
      """
    try await withPostfix(user: "reminders", password: Self.password, more: access) { postfix in
      try await withDaemon(Self.clinic(postfix), credentials: ["smtp-password": Self.password]) { daemon in
        for ref in ["fine", "gone", "closed"] {
          try await daemon.addPatient(ref, contacts: ["--email", "\(ref)@example.net"])
          let visit = try await daemon.addVisit(ref)
          try await daemon.wait(for: visit, states: ["sent", "handed", "failed"])
        }
        try await postfix.wait(for: 1)
        #expect(
          try await daemon.query("SELECT state FROM contact ORDER BY id") == ["ok", "bounced", "ok"],
          "a policy is not the address's fault")
        #expect(
          try await daemon.query("SELECT reason, subject FROM task WHERE state = 'open' ORDER BY id")
            == [
              "bounced|P:2",
              "delivery-failed|\(try await daemon.query("SELECT 'F-3@' || key FROM occurrence WHERE id = 3")[0])",
            ])
        let status = try await daemon.ctl("status")
        #expect(status["tasks"]["open"].int == 2)
        #expect(status["channels"][0]["state"].string == "ok")
        let attempts = try await daemon.ctl("outbox", "list", "--limit", "9")["items"].array
          .flatMap { $0["attempts"].array }
        #expect(Set(attempts.compactMap { $0["code"].string }) == ["250", "550-5.1.1", "554-5.7.1"])
        let told = daemon.log.split(separator: "\n").filter { $0.contains("REASON=550-5.1.1") }
        #expect(
          told.contains { $0.contains("is rejected by email") }
            || daemon.log.contains("is rejected by email: 550-5.1.1"))
        #expect(daemon.log.contains("is not written to any more: 550-5.1.1"))
        #expect(!daemon.log.contains("example.net"))
      }
    }
  }

  @Test(
    "A relay that does not relay for us, or refuses our password, holds the channel; nothing is lost, nobody is blamed")
  func refusesUs() async throws {
    for (more, password, code) in [
      ("smtpd_recipient_restrictions = reject", Self.password, "554-5.7.1"), ("", "wrong", "auth-535-5.7.8"),
    ] {
      try await withPostfix(user: "reminders", password: Self.password, more: more) { postfix in
        try await withDaemon(Self.clinic(postfix), credentials: ["smtp-password": password]) { daemon in
          for ref in ["one", "two", "three"] {
            try await daemon.addPatient(ref, contacts: ["--email", "\(ref)@example.net"])
            try await daemon.addVisit(ref)
          }
          try await eventually("the channel is held", seen: { daemon.log }) {
            try await daemon.query("SELECT subject FROM hold WHERE kind = 'channel' AND released_at IS NULL") == [
              "email"
            ]
          }
          try await eventually("all wait", seen: { daemon.log }) {
            try await daemon.query("SELECT count(*) FROM reminder WHERE state = 'held'") == ["3"]
          }
          // The journal is written after the commit that the rows show.
          try await eventually("the journal tells why", seen: { daemon.log }) {
            daemon.log.contains("channel email is held: \(code)")
          }
          #expect(daemon.log.components(separatedBy: "channel email is held").count == 2)
          #expect(try await daemon.query("SELECT count(*) FROM task") == ["0"])
          #expect(try await daemon.query("SELECT DISTINCT state FROM contact") == ["ok"])
          #expect(!daemon.log.contains("wrong") && !daemon.log.contains("bättery"))
        }
        #expect(postfix.delivered == 0)
      }
    }
  }
}
