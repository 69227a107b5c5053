/// A URL of a server, taken apart as far as the configuration must judge it (RFC 3986 3).
struct ServerURL {
  var scheme: String
  /// Without the brackets of an IPv6 address.
  var host: String
  var port: Int?
  /// From the first `/` on.
  var path: String
  /// A name or password before an `@`.
  var hasUserInfo: Bool

  /// nil for a text that is no URL of a server, or one with spaces or control characters.
  init?(_ text: String) {
    guard let separator = text.firstRange(of: "://"), text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
      return nil
    }
    scheme = text[..<separator.lowerBound].lowercased()
    let rest = text[separator.upperBound...]
    let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
    path = String(rest[end...])
    var authority = rest[..<end]
    hasUserInfo = false
    if let at = authority.lastIndex(of: "@") {
      hasUserInfo = true
      authority = authority[authority.index(after: at)...]
    }
    var portText: Substring?
    if authority.first == "[" {
      guard let close = authority.firstIndex(of: "]") else { return nil }
      host = String(authority[authority.index(after: authority.startIndex)..<close])
      let tail = authority[authority.index(after: close)...]
      guard tail.isEmpty || tail.first == ":", IPNetwork.parse(address: host) != nil else { return nil }
      portText = tail.isEmpty ? nil : tail.dropFirst()
    } else {
      let parts = authority.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      host = String(parts.first ?? "")
      portText = parts.count == 2 ? parts[1] : nil
      guard host.allSatisfy({ $0.isLetter || $0.isNumber || "-._".contains($0) }) else { return nil }
    }
    guard !scheme.isEmpty, !host.isEmpty else { return nil }
    if let portText {
      guard let port = Int(portText), (1...65535).contains(port), portText.allSatisfy(\.isNumber) else { return nil }
      self.port = port
    }
  }

  /// This machine itself, by its names and addresses.
  var isLoopback: Bool {
    if host.lowercased() == "localhost" { return true }
    guard let bytes = IPNetwork.parse(address: host) else { return false }
    return bytes.count == 4 ? bytes[0] == 127 : bytes == [UInt8](repeating: 0, count: 15) + [1]
  }
}
