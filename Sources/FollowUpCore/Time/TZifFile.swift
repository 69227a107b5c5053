/// A change of local time in a zone.
struct ZoneTransition: Hashable, Sendable {
  /// Seconds since 1970-01-01T00:00:00Z.
  var time: Int64
  /// In force from then on.
  var type: LocalTimeType
}

/// Why bytes are no TZif file.
struct TZifFault: Error {
  var reason: String
}

/// What a TZif file says (RFC 8536, RFC 9636): its transitions, and the rule for the time after the last of them.
struct TZifFile {
  private(set) var initial: LocalTimeType
  private(set) var transitions: [ZoneTransition]
  private(set) var rule: PosixZoneRule?

  init(_ bytes: [UInt8]) throws(TZifFault) {
    var reader = TZifReader(bytes: bytes)
    let first = try TZifHeader(&reader)
    guard first.version >= UInt8(ascii: "2") else {
      (initial, transitions) = try Self.block(first, timeSize: 4, &reader)
      return
    }
    // The first block is for readers of version 1: 32-bit times, which end in 2038.
    try reader.skip(first.length(timeSize: 4))
    let second = try TZifHeader(&reader)
    (initial, transitions) = try Self.block(second, timeSize: 8, &reader)
    let footer = try reader.line()
    if !footer.isEmpty {
      guard let rule = PosixZoneRule(footer) else { throw TZifFault(reason: "its footer is no rule") }
      self.rule = rule
    }
  }

  private static func block(
    _ header: TZifHeader, timeSize: Int, _ reader: inout TZifReader
  ) throws(TZifFault) -> (initial: LocalTimeType, transitions: [ZoneTransition]) {
    guard header.leapCount == 0 else { throw TZifFault(reason: "it counts leap seconds") }
    guard (1...256).contains(header.typeCount) else { throw TZifFault(reason: "it has no kinds of local time") }
    guard header.length(timeSize: timeSize) <= reader.left else { throw TZifFault(reason: "it is cut short") }

    var times: [Int64] = []
    for _ in 0..<header.timeCount {
      let number = try reader.number(timeSize)
      let time = timeSize == 8 ? Int64(bitPattern: number) : Int64(Int32(truncatingIfNeeded: number))
      if let last = times.last, time <= last { throw TZifFault(reason: "its times do not ascend") }
      times.append(time)
    }
    var indexes: [Int] = []
    for _ in 0..<header.timeCount { indexes.append(Int(try reader.number(1))) }
    var kinds: [(offset: Int, name: Int)] = []
    for _ in 0..<header.typeCount {
      let offset = Int(Int32(truncatingIfNeeded: try reader.number(4)))
      try reader.skip(1)
      kinds.append((offset, Int(try reader.number(1))))
    }
    let names = try reader.bytes(header.nameCount)
    try reader.skip(header.standardCount + header.universalCount)

    var types: [LocalTimeType] = []
    for kind in kinds {
      // RFC 8536 3.2: within -24:59:59 and +25:59:59.
      guard (-89_999...93_599).contains(kind.offset) else { throw TZifFault(reason: "an offset is out of range") }
      guard kind.name < names.count, let end = names[kind.name...].firstIndex(of: 0) else {
        throw TZifFault(reason: "a name of local time is missing")
      }
      let name = names[kind.name..<end]
      guard name.allSatisfy({ $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }) else {
        throw TZifFault(reason: "a name of local time is not readable")
      }
      types.append(LocalTimeType(offset: kind.offset, abbreviation: String(decoding: name, as: UTF8.self)))
    }
    var transitions: [ZoneTransition] = []
    for (time, index) in zip(times, indexes) {
      guard index < types.count else { throw TZifFault(reason: "a kind of local time is missing") }
      // Times beyond the calendar stand for "always"; what precedes them is never asked for.
      transitions.append(ZoneTransition(time: Instant(time).spellable.seconds, type: types[index]))
    }
    return (types[0], transitions)
  }
}

/// The 44 bytes before a block.
private struct TZifHeader {
  var version: UInt8
  var universalCount: Int
  var standardCount: Int
  var leapCount: Int
  var timeCount: Int
  var typeCount: Int
  var nameCount: Int

  init(_ reader: inout TZifReader) throws(TZifFault) {
    guard try reader.bytes(4) == Array("TZif".utf8) else { throw TZifFault(reason: "it does not begin with TZif") }
    version = UInt8(truncatingIfNeeded: try reader.number(1))
    try reader.skip(15)
    universalCount = Int(try reader.number(4))
    standardCount = Int(try reader.number(4))
    leapCount = Int(try reader.number(4))
    timeCount = Int(try reader.number(4))
    typeCount = Int(try reader.number(4))
    nameCount = Int(try reader.number(4))
  }

  /// Bytes of the block that follows.
  func length(timeSize: Int) -> Int {
    timeCount * (timeSize + 1) + typeCount * 6 + nameCount + leapCount * (timeSize + 4) + standardCount + universalCount
  }
}

/// Takes bytes from the front, and says so when there are no more.
private struct TZifReader {
  private var rest: ArraySlice<UInt8>

  init(bytes: [UInt8]) { rest = bytes[...] }

  var left: Int { rest.count }

  mutating func bytes(_ count: Int) throws(TZifFault) -> [UInt8] {
    guard count <= rest.count else { throw TZifFault(reason: "it is cut short") }
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }

  mutating func skip(_ count: Int) throws(TZifFault) { _ = try bytes(count) }

  /// Big-endian.
  mutating func number(_ size: Int) throws(TZifFault) -> UInt64 {
    try bytes(size).reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// The text between two line feeds.
  mutating func line() throws(TZifFault) -> String {
    guard rest.first == UInt8(ascii: "\n"), let end = rest.dropFirst().firstIndex(of: UInt8(ascii: "\n")) else {
      throw TZifFault(reason: "its footer is missing")
    }
    return String(decoding: rest[rest.startIndex + 1..<end], as: UTF8.self)
  }
}
