/// A message's content as it goes over the wire after DATA (RFC 5321 4.5.2).
enum SMTPContent {
  /// Line ends become CRLF, a dot that opens a line is doubled, and the final dot closes it.
  ///
  /// libcurl leaves both to its caller (`delivery.md`, trap 7): a bare LF before a dot would end the message there.
  static func wire(_ body: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(body.count + body.count / 32 + 8)
    body.withUnsafeBufferPointer { bytes in
      var start = 0
      while start < bytes.count {
        var end = start
        while end < bytes.count, bytes[end] != 0x0d, bytes[end] != 0x0a { end += 1 }
        if bytes[start] == UInt8(ascii: ".") { output.append(UInt8(ascii: ".")) }
        output.append(contentsOf: bytes[start..<end])
        output.append(0x0d)
        output.append(0x0a)
        let isPair = end + 1 < bytes.count && bytes[end] == 0x0d && bytes[end + 1] == 0x0a
        start = end + (isPair ? 2 : 1)
      }
    }
    output.append(contentsOf: ".\r\n".utf8)
    return output
  }
}
