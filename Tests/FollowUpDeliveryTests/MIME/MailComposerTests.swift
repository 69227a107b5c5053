import FollowUpCore
import FollowUpDelivery
import Foundation
import Testing

@Suite struct MailComposerTests {
  static let entry = CalendarEntry(
    uid: "F-12-2026-12-01@riverside", sequence: 2, start: Instant(1_796_164_200),
    summary: "Appointment; Riverside, Praxis für Ärzte und noch ein sehr langer Name, der gefaltet werden muss 👩🏽‍⚕️")

  static func composer(links: String? = nil, name: String = "Riverside Family Practice") throws -> MailComposer {
    MailComposer(
      from: try Mailbox(displayName: name, address: "reminders@example.org"),
      unsubscribe: try MailAddress("stop@example.org"), linksBase: links)
  }

  static func compose(_ draft: MessageDraft, name: String = "Riverside Family Practice") throws -> String {
    let bytes = try composer(name: name).compose(draft, to: try MailAddress(draft.address))
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Python's own reader, with its list of defects of each part and header.
  static let reader = """
    import sys, json, email, email.policy, icalendar
    from email.header import decode_header, make_header
    from email.utils import parseaddr
    raw = sys.stdin.buffer.read()
    m = email.message_from_bytes(raw, policy=email.policy.default)
    parts, defects = [], []
    for p in m.walk():
        defects += [repr(d) for d in p.defects]
        for k, v in p.items():
            defects += [k + repr(d) for d in getattr(v, "defects", [])]
        if not p.is_multipart():
            parts.append({"type": p.get_content_type(), "text": p.get_content(),
                          "method": p.get_param("method"), "name": p.get_filename()})
            defects += [repr(d) for d in p.defects]
    for p in [p for p in parts if p["type"] == "text/calendar"]:
        calendar = icalendar.Calendar.from_ical(p["text"])
        defects += [repr(e) for c in calendar.walk() for e in c.errors]
        [event] = calendar.walk("VEVENT")
        p["event"] = {"summary": str(event["SUMMARY"]), "uid": str(event["UID"]), "sequence": event["SEQUENCE"],
                      "start": event.decoded("DTSTART").timestamp(), "stamp": event.decoded("DTSTAMP").timestamp(),
                      "method": str(calendar["METHOD"]), "organizer": str(event["ORGANIZER"])}
    print(json.dumps({"defects": defects, "parts": parts, "headers": {k: str(v) for k, v in m.items()},
                      "date": m["date"].datetime.timestamp(), "name": str(make_header(decode_header(parseaddr(email.message_from_bytes(raw)["from"])[0])))}))
    """

  @Test(
    "Promise 31: Python reads every message back without defects",
    arguments: [
      ("Your appointment", "Hello,\n\nplease come.\n", "en"),
      ("Ihr Termin: nächste Woche, früh", "Grüße aus der Praxis.\n\nBis dann = morgen\n", "de"),
      ("موعدك يوم الثلاثاء", "مرحبا،\n\nموعدك يوم الثلاثاء 14:30.\n\nhttps://answers.example.org/a?b=1&c=2\n", "ar"),
      ("👩🏽‍⚕️👨‍👩‍👧‍👦 " + String(repeating: "👩🏽‍⚕️", count: 40), "👩🏽‍⚕️\n.\n..\nFrom here\n trailing \n\ttab\t\n", "en"),
      (
        String(repeating: "long subject of plain words ", count: 60) + "end", String(repeating: "x", count: 10_000),
        "en"
      ),
      (String(repeating: "q", count: 3000), String(repeating: "ü", count: 10_000), "en"),
      ("=?UTF-8?B?sneaky?=", "", "en"),
      (" leading and trailing ", "\n\n\n", "zh-Hant"),
      ("", "a\r\nb\rc\n", "not a language"),
      ("doubled  blanks   inside", "<script>alert(1)</script> & \"quotes\"\n\u{1}\u{0}", "en"),
    ])
  func readBack(subject: String, text: String, language: String) async throws {
    var draft = MessageDraft.sample(subject: subject, text: text, language: language)
    for entry in [nil, Self.entry] {
      draft.calendar = entry
      let name = "Praxis Dr. \"Ü\" \(subject.prefix(30))x"
      let mail = try Self.compose(draft, name: name)
      #expect(mail.utf8.allSatisfy { $0 < 0x80 && $0 != 0 })
      for line in mail.utf8.split(separator: 0x0a, omittingEmptySubsequences: false).dropLast() {
        #expect(line.last == 0x0d && line.count <= 999 && !line.dropLast().contains(0x0d))
      }
      let read = try await Program.python(Self.reader, input: Data(mail.utf8))
      #expect(read["defects"] as? [String] == [])
      #expect((read["headers"] as? [String: String])?["Subject"] == subject)
      #expect(read["date"] as? Double == 1_796_135_400)
      #expect(read["name"] as? String == name)
      let parts = try #require(read["parts"] as? [[String: Any]])
      #expect(
        parts.map { $0["type"] as? String } == ["text/plain", "text/html"] + (entry == nil ? [] : ["text/calendar"]))
      var expected = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
      if !expected.hasSuffix("\n") { expected += "\n" }
      #expect((parts[0]["text"] as? String)?.replacing("\r\n", with: "\n") == expected)
      guard let entry else { continue }
      let calendar = try #require(parts[2]["text"] as? String).replacing("\r\n", with: "\n")
      #expect(calendar.split(separator: "\n").allSatisfy { $0.utf8.count <= 75 })
      let unfolded = calendar.replacing("\n ", with: "")
      #expect(unfolded.contains("\nSUMMARY:\(entry.summary.replacing(";", with: "\\;").replacing(",", with: "\\,"))\n"))
      #expect(unfolded.contains("\nSEQUENCE:2\n"))
      #expect(unfolded.contains("\nDTSTART:20261201T223000Z\n"))
      #expect(parts[2]["method"] as? String == "PUBLISH")
      let event = try #require(parts[2]["event"] as? [String: Any], "RFC 5545, as icalendar reads it")
      #expect(event["summary"] as? String == entry.summary)
      #expect(event["uid"] as? String == entry.uid)
      #expect(event["sequence"] as? Int == entry.sequence)
      #expect(event["start"] as? Double == Double(entry.start.seconds))
      #expect(event["stamp"] as? Double == 1_796_135_400)
      #expect(event["method"] as? String == "PUBLISH")
      #expect(event["organizer"] as? String == "mailto:reminders@example.org")
    }
  }

  @Test("the headers of a plain reminder")
  func headers() throws {
    let mail = try Self.compose(.sample())
    for line in [
      "Date: Tue, 1 Dec 2026 14:30:00 +0000", "Message-ID: <0e6ba7b8-9dad-51d1-80b4-00c04fd430c8@example.org>",
      "From: Riverside Family Practice <reminders@example.org>", "To: <mai@example.org>",
      "Subject: Your appointment on Tuesday", "Auto-Submitted: auto-generated", "Content-Language: en",
      "List-Unsubscribe: <mailto:stop@example.org?subject=STOP>", "MIME-Version: 1.0",
    ] {
      #expect(mail.contains("\(line)\r\n"))
    }
    #expect(!mail.contains("List-Unsubscribe-Post"))
  }

  @Test("M7: the one-click header stands only with an answer page")
  func oneClick() throws {
    let draft = MessageDraft.sample()
    let bytes = try Self.composer(links: "https://answers.example.org").compose(draft, to: MailAddress(draft.address))
    let mail = String(decoding: bytes, as: UTF8.self)
    #expect(mail.contains("List-Unsubscribe: <https://answers.example.org/stop/\(draft.identity)>,\r\n <mailto:"))
    #expect(mail.contains("\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"))
  }

  @Test("the same draft gives the same bytes")
  func deterministic() throws {
    let draft = MessageDraft.sample(calendar: Self.entry)
    #expect(try Self.compose(draft) == Self.compose(draft))
  }

  @Test("text becomes paragraphs, breaks and links, and nothing of it becomes markup")
  func html() async throws {
    let text = "a < b & c\nnext\n\nsee https://x.example.org/?a=1&b=\"2\".\n"
    let read = try await Program.python(
      Self.reader, input: Data(try Self.compose(.sample(text: text, language: "he")).utf8))
    let parts = try #require(read["parts"] as? [[String: Any]])
    let html = try #require(parts[1]["text"] as? String).replacing("\r\n", with: "\n")
    #expect(html.contains("<html lang=\"he\">"))
    #expect(html.contains("<p dir=\"auto\">a &lt; b &amp; c<br>\nnext</p>"))
    #expect(
      html.contains(
        "see <a href=\"https://x.example.org/?a=1&amp;b=\">https://x.example.org/?a=1&amp;b=</a>&quot;2&quot;.</p>"))
  }

  @Test(
    "Promise 30: control characters in a subject or a sender's name are refused",
    arguments: ["\r\nBcc: x@y.org", "\n", "\u{0}"])
  func injection(text: String) {
    #expect(throws: RenderError.self) { try Self.compose(.sample(subject: "Visit" + text)) }
    #expect(throws: RenderError.self) { try Self.compose(.sample(), name: "Clinic" + text) }
    #expect(throws: RenderError.self) { try Self.compose(.sample(identity: "id" + text)) }
  }
}
