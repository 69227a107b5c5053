package import FollowUpCore

/// Turns a draft into the bytes of an e-mail (RFC 5322, 2045-2047). Pure: the same draft gives the same bytes.
package struct MailComposer: Sendable {
  package var from: Mailbox
  /// Where a mail program sends "unsubscribe" (RFC 2369); none: the header is left out unless links are configured.
  package var unsubscribe: MailAddress?
  /// The answer page's address without a slash at its end; only with it the one-click header stands (RFC 8058, M7).
  package var linksBase: String?

  package init(from: Mailbox, unsubscribe: MailAddress? = nil, linksBase: String? = nil) {
    self.from = from
    self.unsubscribe = unsubscribe
    self.linksBase = linksBase
  }

  /// The whole Message-ID, fixed by the message's identity.
  package func messageID(of identity: String) -> String { "<\(identity)@\(from.address.domain)>" }

  /// The mail to `recipient`, lines ended by CRLF, 7-bit, no line over 998 characters.
  ///
  /// - Throws: `bad-identity` or `bad-subject` if one holds what a header cannot.
  package func compose(
    _ draft: MessageDraft, to recipient: MailAddress, extraHeaders: [(name: String, value: String)] = []
  ) throws(RenderError) -> [UInt8] {
    guard !draft.identity.isEmpty, draft.identity.utf8.allSatisfy({ Self.isToken($0) }) else {
      throw RenderError(
        code: "bad-identity", detail: "the message's identity holds characters that a Message-ID cannot")
    }
    guard !draft.subject.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
      throw RenderError(code: "bad-subject", detail: "the subject holds control characters")
    }
    var headers = [
      "Date: \(MailDate.header(draft.composedAt))",
      "Message-ID: \(messageID(of: draft.identity))",
      "From: \(from.headerValue(after: 6))",
      "To: <\(recipient.text)>",
      "Subject: \(EncodedWord.text(draft.subject, after: 9))",
      "Auto-Submitted: auto-generated",
    ]
    if let language = Self.languageTag(draft.language) { headers.append("Content-Language: \(language)") }
    headers += unsubscribeHeaders(draft.identity)
    headers += extraHeaders.map { "\($0.name): \(EncodedWord.text($0.value, after: $0.name.utf8.count + 2))" }
    headers.append("MIME-Version: 1.0")
    return Array((headers.joined(separator: "\r\n") + "\r\n").utf8) + content(draft)
  }

  private func content(_ draft: MessageDraft) -> [UInt8] {
    let text = draft.text.utf8.contains(0x0d) ? Self.lineFeeds(draft.text) : draft.text
    let language = Self.languageTag(draft.language) ?? "en"
    let html = HTMLPart.text(text, title: draft.subject, language: language)
    let alternative = multipart(
      "alternative", boundary: "=_alternative-\(draft.identity)",
      [part("text/plain; charset=utf-8", text), part("text/html; charset=utf-8", html)])
    guard let entry = draft.calendar else { return alternative }
    let calendar = CalendarPart.text(entry, organizer: from, clinicName: draft.clinicName, stamp: draft.composedAt)
    return multipart(
      "mixed", boundary: "=_mixed-\(draft.identity)",
      [
        alternative,
        part(
          "text/calendar; charset=utf-8; method=PUBLISH", calendar,
          disposition: "attachment; filename=\"appointment.ics\""),
      ])
  }

  /// "=_" occurs in neither encoding, so that no body can hold a boundary.
  private func multipart(_ subtype: String, boundary: String, _ parts: [[UInt8]]) -> [UInt8] {
    var bytes = Array("Content-Type: multipart/\(subtype);\r\n boundary=\"\(boundary)\"\r\n\r\n".utf8)
    // The line end before a boundary belongs to the boundary (RFC 2046 5.1.1).
    for (index, part) in parts.enumerated() {
      bytes += Array((index == 0 ? "--\(boundary)\r\n" : "\r\n--\(boundary)\r\n").utf8) + part
    }
    return bytes + Array("\r\n--\(boundary)--\r\n".utf8)
  }

  private func part(_ type: String, _ text: String, disposition: String? = nil) -> [UInt8] {
    let encoding = TransferEncoding.shorter(text)
    var head = "Content-Type: \(type)\r\nContent-Transfer-Encoding: \(encoding.name)\r\n"
    if let disposition { head += "Content-Disposition: \(disposition)\r\n" }
    return Array((head + "\r\n").utf8) + encoding.bytes
  }

  private func unsubscribeHeaders(_ identity: String) -> [String] {
    var ways: [String] = []
    if let linksBase { ways.append("<\(linksBase)/stop/\(identity)>") }
    if let unsubscribe { ways.append("<mailto:\(unsubscribe.text)?subject=STOP>") }
    guard !ways.isEmpty else { return [] }
    let header = "List-Unsubscribe: \(ways.joined(separator: ",\r\n "))"
    return linksBase == nil ? [header] : [header, "List-Unsubscribe-Post: List-Unsubscribe=One-Click"]
  }

  private static func isToken(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "-"):
      true
    default: false
    }
  }

  private static func lineFeeds(_ text: String) -> String {
    text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
  }

  private static func languageTag(_ tag: String) -> String? {
    guard (1...35).contains(tag.utf8.count), tag.utf8.allSatisfy({ isToken($0) }) else { return nil }
    return tag
  }
}
