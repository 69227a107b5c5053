internal import FoundationEssentials

/// A body part's text in 7-bit lines of at most 76 characters (RFC 2045 6.7, 6.8).
struct TransferEncoding: Equatable {
  /// The value of `Content-Transfer-Encoding`.
  let name: String
  /// Ends with CRLF.
  let bytes: [UInt8]

  /// The shorter of quoted-printable and base64; `text` has LF line ends.
  static func shorter(_ text: String) -> TransferEncoding {
    // Base64 takes a third more than the text; quoted-printable two more for each byte that is not plain.
    let special = text.utf8.reduce(0) { $1 < 0x80 && $1 != UInt8(ascii: "=") ? $0 : $0 + 1 }
    return special * 6 <= text.utf8.count
      ? TransferEncoding(name: "quoted-printable", bytes: quotedPrintable(text))
      : TransferEncoding(name: "base64", bytes: base64(text))
  }

  static func quotedPrintable(_ text: String) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(text.utf8.count * 5 / 4)
    forEachLine(of: text) { line in
      if line.count <= 75, line.last != 0x20, line.allSatisfy({ (0x20...0x7e).contains($0) && $0 != UInt8(ascii: "=") })
      {
        output.append(contentsOf: line)
      } else {
        appendEncoded(line, to: &output)
      }
      output.append(0x0d)
      output.append(0x0a)
    }
    return output
  }

  private static func appendEncoded(_ line: Slice<UnsafeBufferPointer<UInt8>>, to output: inout [UInt8]) {
    var column = 0
    for (index, byte) in zip(line.indices, line) {
      let isBlank = byte == 0x20 || byte == 0x09
      let isPlain =
        ((0x21...0x7e).contains(byte) && byte != UInt8(ascii: "=")) || (isBlank && index + 1 < line.endIndex)
      let width = isPlain ? 1 : 3
      if column + width > 75 {
        output.append(contentsOf: "=\r\n".utf8)
        column = 0
      }
      if isPlain {
        output.append(byte)
      } else {
        output.append(UInt8(ascii: "="))
        output.append(upperDigit(byte >> 4))
        output.append(upperDigit(byte & 15))
      }
      column += width
    }
  }

  static func base64(_ text: String) -> [UInt8] {
    var canonical: [UInt8] = []
    forEachLine(of: text) { line in
      canonical.append(contentsOf: line)
      canonical.append(0x0d)
      canonical.append(0x0a)
    }
    let coded = Array(Data(canonical).base64EncodedString().utf8)
    var output: [UInt8] = []
    output.reserveCapacity(coded.count + coded.count / 30 + 2)
    for start in stride(from: 0, to: coded.count, by: 76) {
      output.append(contentsOf: coded[start..<min(start + 76, coded.count)])
      output.append(0x0d)
      output.append(0x0a)
    }
    return output
  }

  private static func upperDigit(_ nibble: UInt8) -> UInt8 {
    nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "A") + nibble - 10
  }

  /// A last line end makes no line of its own; an empty text is one empty line.
  private static func forEachLine(of text: String, _ body: (Slice<UnsafeBufferPointer<UInt8>>) -> Void) {
    var text = text
    text.withUTF8 { bytes in
      var start = 0
      while let end = bytes[start...].firstIndex(of: 0x0a) {
        body(bytes[start..<end])
        start = end + 1
      }
      if start < bytes.count || bytes.isEmpty { body(bytes[start...]) }
    }
  }
}
