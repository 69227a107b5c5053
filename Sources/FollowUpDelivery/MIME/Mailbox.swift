package import FollowUpCore

/// Whom a mail comes from: a name to show and an address (RFC 5322 3.4).
package struct Mailbox: Sendable, Hashable {
  /// May be empty, and may hold any script.
  package let displayName: String
  package let address: MailAddress

  /// - Throws: `bad-sender` if the name holds control characters; `bad-address` as `MailAddress`.
  package init(displayName: String, address: String) throws(RenderError) {
    guard !displayName.unicodeScalars.contains(where: { $0.isControl }) else {
      throw RenderError(code: "bad-sender", detail: "the sender's name holds control characters")
    }
    self.displayName = displayName.trimmed
    self.address = try MailAddress(address)
  }

  /// Reads `Name <local@domain>`, `"Name" <local@domain>` or `local@domain`.
  package init(_ text: String) throws(RenderError) {
    let trimmed = Substring(text).trimmingBlanks
    guard trimmed.hasSuffix(">"), let open = trimmed.lastIndex(of: "<") else {
      try self.init(displayName: "", address: String(trimmed))
      return
    }
    var name = trimmed[..<open].trimmingBlanks
    if name.count >= 2, name.hasPrefix("\""), name.hasSuffix("\"") { name = name.dropFirst().dropLast() }
    let address = trimmed[trimmed.index(after: open)...].dropLast()
    try self.init(displayName: String(name), address: String(address))
  }

  /// The value of a header: the name quoted or in encoded words, folded, with the address in brackets.
  func headerValue(after column: Int) -> String {
    guard !displayName.isEmpty else { return "<\(address.text)>" }
    let phrase = EncodedWord.phrase(displayName, after: column)
    let lastLine = phrase.split(separator: "\r\n").last.map(\.utf8.count) ?? 0
    let gap = lastLine + address.text.utf8.count > 60 ? "\r\n " : " "
    return "\(phrase)\(gap)<\(address.text)>"
  }
}

extension Substring {
  var trimmingBlanks: Substring {
    var rest = self
    while let first = rest.first, first == " " || first == "\t" { rest.removeFirst() }
    while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
    return rest
  }
}
