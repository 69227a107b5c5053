/// Writes TZif files (RFC 8536) for what no real zone has.
struct TZifBuilder {
  var version: UInt8 = UInt8(ascii: "2")
  var types: [(offset: Int32, abbreviation: String)] = [(0, "UTC")]
  /// When, and which of the types from then on.
  var transitions: [(time: Int64, type: UInt8)] = []
  var footer = ""
  var leapSeconds: UInt32 = 0

  var bytes: [UInt8] {
    guard version >= UInt8(ascii: "2") else { return block(timeSize: 4) }
    return block(timeSize: 4) + block(timeSize: 8) + Array("\n\(footer)\n".utf8)
  }

  private func block(timeSize: Int) -> [UInt8] {
    let names = types.map { Array($0.abbreviation.utf8) + [0] }
    var bytes = Array("TZif".utf8) + [version] + [UInt8](repeating: 0, count: 15)
    let counts: [UInt32] = [
      0, 0, leapSeconds, UInt32(transitions.count), UInt32(types.count), UInt32(names.joined().count),
    ]
    for count in counts { bytes += Self.bigEndian(Int64(count), 4) }
    for transition in transitions { bytes += Self.bigEndian(transition.time, timeSize) }
    bytes += transitions.map(\.type)
    var start = 0
    for (type, name) in zip(types, names) {
      bytes += Self.bigEndian(Int64(type.offset), 4) + [0, UInt8(start)]
      start += name.count
    }
    return bytes + names.joined() + [UInt8](repeating: 0, count: Int(leapSeconds) * (timeSize + 4))
  }

  private static func bigEndian(_ value: Int64, _ size: Int) -> [UInt8] {
    (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * (size - 1 - $0))) }
  }
}
