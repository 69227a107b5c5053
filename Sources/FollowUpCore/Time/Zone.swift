/// The rules of one IANA zone: which civil time an instant is there, and the way back (R2).
package struct Zone: Sendable {
  /// The name by which it was asked for, such as `America/Vancouver`.
  package let name: String
  /// A hash of the file's bytes: equal as long as the rules are, over restarts and reinstallations (R3).
  package let fingerprint: UInt64
  private let rules: ZoneRules

  /// Reads a TZif file (RFC 8536 and 9636, versions 1 to 4). Throws `damaged` for bytes that are none.
  package init(name: String, tzif: [UInt8]) throws(ZoneError) {
    do {
      rules = try ZoneRules(TZifFile(tzif))
    } catch {
      throw .damaged(name: name, why: error.reason)
    }
    self.name = name
    fingerprint = Self.hash(tzif)
  }

  private init(utc name: String) {
    self.name = name
    fingerprint = 0
    rules = ZoneRules(constant: LocalTimeType(offset: 0, abbreviation: "UTC"))
  }

  /// UTC, without a file.
  package static let utc = Zone(utc: "UTC")

  /// Seconds east of UTC.
  package func offset(at instant: Instant) -> Int { rules.type(at: instant.spellable.seconds).offset }

  /// What people call the time then: `MST`, `CEST`, `+0545`.
  package func abbreviation(at instant: Instant) -> String { rules.type(at: instant.spellable.seconds).abbreviation }

  /// The minute that clocks there show.
  package func civil(at instant: Instant) -> CivilDateTime {
    let seconds = instant.spellable.seconds
    return CivilDateTime(localSeconds: seconds + Int64(rules.type(at: seconds).offset))
  }

  /// R2: a civil time in a gap moves forward by the gap's length, one that exists twice means the first.
  package func instant(of civil: CivilDateTime) -> Instant {
    Instant(rules.instant(ofLocalSeconds: civil.localSeconds))
  }

  /// The longest stretch around `instant` in which the offset stays the same.
  func stretch(at instant: Instant) -> ZoneStretch { rules.stretch(at: instant.spellable.seconds) }

  /// FNV-1a: no secret depends on it.
  private static func hash(_ bytes: [UInt8]) -> UInt64 {
    bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
  }
}

extension Zone: Hashable {
  package static func == (a: Zone, b: Zone) -> Bool { a.name == b.name && a.fingerprint == b.fingerprint }
  package func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(fingerprint)
  }
}

/// Instants from `start` to before `end` that share an offset in seconds east of UTC.
struct ZoneStretch: Equatable {
  var start: Int64
  var end: Int64
  var offset: Int64
}
