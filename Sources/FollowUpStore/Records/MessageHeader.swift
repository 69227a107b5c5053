/// How a message's whole Message-ID is stored: it repeats the identity, which stands beside it, and a million of them count.
///
/// Empty: it is the identity. `@example.org`: what follows the identity within angle brackets. Else as it is.
enum MessageHeader {
  static func stored(_ header: String, identity: String) -> String {
    if header == identity { return "" }
    let opening = "<\(identity)@"
    guard header.hasPrefix(opening), header.hasSuffix(">") else { return header }
    return String(header.dropFirst(opening.count - 1).dropLast())
  }

  static func whole(_ stored: String, identity: String) -> String {
    if stored.isEmpty { return identity }
    return stored.hasPrefix("@") ? "<\(identity)\(stored)>" : stored
  }
}
