/// Writes the few JSON texts of the transport itself without an encoder.
package enum JSONText {
  /// `text` as a JSON string with its quotes (RFC 8259, 7).
  package static func quoted(_ text: String) -> [UInt8] {
    var out: [UInt8] = [UInt8(ascii: "\"")]
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        out += [UInt8(ascii: "\\"), byte]
      case 0..<0x20:
        let hex = Array("0123456789abcdef".utf8)
        out += Array("\\u00".utf8) + [hex[Int(byte >> 4)], hex[Int(byte & 15)]]
      default:
        out.append(byte)
      }
    }
    out.append(UInt8(ascii: "\""))
    return out
  }
}
