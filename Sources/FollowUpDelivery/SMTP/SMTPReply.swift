internal import FollowUpCore

/// One reply of a mail server (RFC 5321 4.2), possibly of several lines.
struct SMTPReply: Equatable {
  let code: Int
  /// The texts after the code, one a line.
  let lines: [String]

  /// The class, subject and detail of RFC 3463, if the reply opens with them.
  var enhanced: String? {
    guard let word = lines.first?.split(separator: " ").first, EnhancedStatus(word)?.kind == code / 100 else {
      return nil
    }
    return String(word)
  }

  /// `550-5.1.1`, or `550` where the server has no more to say.
  var stableCode: String { enhanced.map { "\(code)-\($0)" } ?? "\(code)" }

  var text: String { lines.joined(separator: " ") }

  /// The queue's name for an accepted message, in the words of Postfix and its kin.
  var queueID: String? {
    guard code == 250 else { return nil }
    for line in lines {
      guard let range = line.utf8.firstRange(of: "queued as ") else { continue }
      let word = line[range.upperBound...].prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
      return word.isEmpty ? nil : String(word.prefix(64))
    }
    return nil
  }
}

/// Cuts a stream of bytes into replies; bounded, so that a hostile server cannot fill the memory.
struct SMTPReplyReader {
  /// What the server said was no reply.
  struct Garbled: Error {}

  private static let longestLine = 2048
  private static let mostLines = 128

  private var buffer: [UInt8] = []
  private var start = 0
  private var lines: [String] = []
  private var code: Int?

  mutating func append(_ bytes: some Sequence<UInt8>) {
    if start > 0, start == buffer.count {
      buffer.removeAll(keepingCapacity: true)
      start = 0
    }
    buffer.append(contentsOf: bytes)
  }

  /// Nothing is left of what was appended.
  var isEmpty: Bool { start == buffer.count && lines.isEmpty }

  /// The next whole reply; nil while its last line is not there yet.
  mutating func next() throws(Garbled) -> SMTPReply? {
    while let end = buffer[start...].firstIndex(of: 0x0a) {
      var line = buffer[start..<end]
      start = end + 1
      if line.last == 0x0d { line.removeLast() }
      guard line.count <= Self.longestLine, lines.count < Self.mostLines else { throw Garbled() }
      if let reply = try take(line) { return reply }
    }
    if buffer.count - start > Self.longestLine { throw Garbled() }
    return nil
  }

  private mutating func take(_ line: ArraySlice<UInt8>) throws(Garbled) -> SMTPReply? {
    let digits = line.prefix(3)
    guard digits.count == 3, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { throw Garbled() }
    let number = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    guard (200...599).contains(number), code == nil || code == number else { throw Garbled() }
    let rest = line.dropFirst(3)
    guard rest.isEmpty || rest.first == UInt8(ascii: " ") || rest.first == UInt8(ascii: "-") else { throw Garbled() }
    lines.append(String(decoding: rest.dropFirst(), as: UTF8.self))
    guard rest.first != UInt8(ascii: "-") else {
      code = number
      return nil
    }
    defer {
      lines = []
      code = nil
    }
    return SMTPReply(code: number, lines: lines)
  }
}
