package import FollowUpCore

/// Turns a draft into the bytes of an e-mail (RFC 5322, 2045-2047). Pure: the same draft gives the same bytes.
package struct MailComposer: Sendable {
  package let from: Mailbox
  private let fromHeader: String
  /// Where a mail program sends "unsubscribe" (RFC 2369); none: the header is left out unless links are configured.
  package var unsubscribe: MailAddress?
  /// The answer page's address without a slash at its end; only with it the one-click header stands (RFC 8058, M7).
  package var linksBase: String?

  package init(from: Mailbox, unsubscribe: MailAddress? = nil, linksBase: String? = nil) {
    self.from = from
    fromHeader = "From: \(from.headerValue(after: 6))"
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
    guard !draft.subject.unicodeScalars.contains(where: { $0.isControl }) else {
      throw RenderError(code: "bad-subject", detail: "the subject holds control characters")
    }
    var headers = [
      "Date: \(MailDate.header(draft.composedAt))",
      "Message-ID: \(messageID(of: draft.identity))",
      fromHeader,
      "To: <\(recipient.text)>",
      "Subject: \(EncodedWord.text(draft.subject, after: 9))",
      "Auto-Submitted: auto-generated",
    ]
    if let language = Self.languageTag(draft.language) { headers.append("Content-Language: \(language)") }
    headers += unsubscribeHeaders(draft.identity)
    headers += extraHeaders.map { "\($0.name): \(EncodedWord.text($0.value, after: $0.name.utf8.count + 2))" }
    headers.append("MIME-Version: 1.0")
    var bytes: [UInt8] = []
    bytes.reserveCapacity(2048 + draft.text.utf8.count * 3)
    for header in headers {
      bytes += header.utf8
      bytes += "\r\n".utf8
    }
    append(content(draft), to: &bytes)
    return bytes
  }

  /// A part of a mail's tree: a leaf with its text, or several under one boundary.
  private indirect enum Part {
    case text([UInt8], type: String, disposition: String?)
    case multipart(String, boundary: String, [Part])
  }

  private func content(_ draft: MessageDraft) -> Part {
    let text = Array((draft.text.utf8.contains(0x0d) ? Self.lineFeeds(draft.text) : draft.text).utf8)
    let language = Self.languageTag(draft.language) ?? "en"
    let html = HTMLPart.text(text, title: draft.subject, language: language)
    let alternative = Part.multipart(
      "alternative", boundary: "=_alternative-\(draft.identity)",
      [
        .text(text, type: "text/plain; charset=utf-8", disposition: nil),
        .text(html, type: "text/html; charset=utf-8", disposition: nil),
      ])
    guard let entry = draft.calendar else { return alternative }
    let calendar = CalendarPart.text(entry, organizer: from, clinicName: draft.clinicName, stamp: draft.composedAt)
    return .multipart(
      "mixed", boundary: "=_mixed-\(draft.identity)",
      [
        alternative,
        .text(
          Array(calendar.utf8), type: "text/calendar; charset=utf-8; method=PUBLISH",
          disposition: "attachment; filename=\"appointment.ics\""),
      ])
  }

  /// "=_" occurs in neither encoding, so that no body can hold a boundary.
  private func append(_ part: Part, to bytes: inout [UInt8]) {
    switch part {
    case .text(let text, let type, let disposition):
      let encoding = TransferEncoding.shorter(text)
      bytes += "Content-Type: \(type)\r\nContent-Transfer-Encoding: \(encoding.name)\r\n".utf8
      if let disposition { bytes += "Content-Disposition: \(disposition)\r\n".utf8 }
      bytes += "\r\n".utf8
      bytes += encoding.bytes
    case .multipart(let subtype, let boundary, let parts):
      bytes += "Content-Type: multipart/\(subtype);\r\n boundary=\"\(boundary)\"\r\n\r\n".utf8
      for (index, part) in parts.enumerated() {
        // The line end before a boundary belongs to the boundary (RFC 2046 5.1.1).
        if index > 0 { bytes += "\r\n".utf8 }
        bytes += "--\(boundary)\r\n".utf8
        append(part, to: &bytes)
      }
      bytes += "\r\n--\(boundary)--\r\n".utf8
    }
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
