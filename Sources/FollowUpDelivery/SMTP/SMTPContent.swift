/// A message's content as it goes over the wire after DATA (RFC 5321 4.5.2).
enum SMTPContent {
  /// Line ends become CRLF, a dot that opens a line is doubled, and the final dot closes it.
  ///
  /// libcurl leaves both to its caller (`delivery.md`, trap 7): a bare LF before a dot would end the message there.
  static func wire(_ body: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(body.count + body.count / 32 + 8)
    var atLineStart = true
    var index = 0
    while index < body.count {
      let byte = body[index]
      index += 1
      switch byte {
      case 0x0d, 0x0a:
        if byte == 0x0d, index < body.count, body[index] == 0x0a { index += 1 }
        output.append(0x0d)
        output.append(0x0a)
        atLineStart = true
      default:
        if atLineStart, byte == UInt8(ascii: ".") { output.append(byte) }
        output.append(byte)
        atLineStart = false
      }
    }
    if !atLineStart { output.append(contentsOf: "\r\n".utf8) }
    output.append(contentsOf: ".\r\n".utf8)
    return output
  }
}
