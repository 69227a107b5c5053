internal import FoundationEssentials

/// A body part's text in 7-bit lines of at most 76 characters (RFC 2045 6.7, 6.8).
struct TransferEncoding: Equatable {
  /// The value of `Content-Transfer-Encoding`.
  let name: String
  /// Ends with CRLF.
  let bytes: [UInt8]

  /// The shorter of quoted-printable and base64; `text` is UTF-8 with LF line ends.
  static func shorter(_ text: [UInt8]) -> TransferEncoding {
    // Base64 takes a third more than the text; quoted-printable two more for each byte that is not plain.
    let special = text.reduce(0) { $1 < 0x80 && $1 != UInt8(ascii: "=") ? $0 : $0 + 1 }
    return special * 6 <= text.count
      ? TransferEncoding(name: "quoted-printable", bytes: quotedPrintable(text))
      : TransferEncoding(name: "base64", bytes: base64(text))
  }

  static func quotedPrintable(_ text: [UInt8]) -> [UInt8] {
    // Three for each byte, a soft line break of three after at most 75 of them, and two for each line's end.
    let most = text.count * 4 + 8
    return [UInt8](unsafeUninitializedCapacity: most) { output, count in
      var end = 0
      func put(_ byte: UInt8) {
        output[end] = byte
        end += 1
      }
      forEachLine(of: text) { line in
        var column = 0
        for index in 0..<line.count {
          let byte = line[index]
          let isBlank = byte == 0x20 || byte == 0x09
          let isPlain =
            (byte > 0x20 && byte < 0x7f && byte != UInt8(ascii: "=")) || (isBlank && index + 1 < line.count)
          let width = isPlain ? 1 : 3
          if column + width > 75 {
            put(UInt8(ascii: "="))
            put(0x0d)
            put(0x0a)
            column = 0
          }
          if isPlain {
            put(byte)
          } else {
            put(UInt8(ascii: "="))
            put(upperDigit(byte >> 4))
            put(upperDigit(byte & 15))
          }
          column += width
        }
        put(0x0d)
        put(0x0a)
      }
      count = end
    }
  }

  static func base64(_ text: [UInt8]) -> [UInt8] {
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
  private static func forEachLine(of text: [UInt8], _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
    text.withUnsafeBufferPointer { bytes in
      var start = 0
      while let end = bytes[start...].firstIndex(of: 0x0a) {
        body(UnsafeBufferPointer(rebasing: bytes[start..<end]))
        start = end + 1
      }
      if start < bytes.count || bytes.isEmpty { body(UnsafeBufferPointer(rebasing: bytes[start...])) }
    }
  }
}
