/// Why a WHEN is refused. Its sentence says what was understood and what to write instead.
package enum WhenError: Error, Hashable, Sendable {
  case empty
  /// A part that means nothing here.
  case unclear(String, hint: String)
  /// Digits that people in different countries read differently.
  case ambiguous(String, readings: [CivilDate])
  /// Understood, but there is no such day or time.
  case impossible(String, why: String, hint: String)
  /// A time of day alone.
  case noDate(String)
  /// A day alone, where no plan says the time.
  case noTime(String)
  /// An offset or a `Z`: times are always meant in the zone of `--zone`, else the clinic's (R1).
  case hasOffset(String)

  /// A stable word.
  package var code: String {
    switch self {
    case .empty: "when-empty"
    case .unclear: "when-unclear"
    case .ambiguous: "when-ambiguous"
    case .impossible: "when-impossible"
    case .noDate: "when-no-date"
    case .noTime: "when-no-time"
    case .hasOffset: "when-has-offset"
    }
  }

  /// What was understood, and what is wrong with it.
  package var why: String {
    switch self {
    case .empty: "no date or time is given"
    case .unclear(let part, _): "'\(part)' is not understood as a date or a time"
    case .ambiguous(let part, let readings) where readings.count > 1:
      "'\(part)' could be \(readings.map(WhenParser.day).joined(separator: " or "))"
    case .ambiguous(let part, _): "'\(part)' has day and month in an order that differs between countries"
    case .impossible(let part, let why, _): "'\(part)' is not possible: \(why)"
    case .noDate(let part): "'\(part)' has no date"
    case .noTime(let part): "'\(part)' has no time of day"
    case .hasOffset(let part): "'\(part)' has an offset from UTC"
    }
  }

  /// What to write instead.
  package var hint: String {
    switch self {
    case .empty: "write for example '2026-12-01 14:30', 'tue 2:30pm' or '+2w'"
    case .unclear(_, let hint), .impossible(_, _, let hint): hint
    case .ambiguous(_, let readings): "write \(readings.map(\.description).joined(separator: " or "))"
    case .noDate(let part): "write 'today \(part)', 'tomorrow \(part)' or a date before it"
    case .noTime(let part): "write '\(part) 14:30'"
    case .hasOffset: "leave it out, and name the zone with --zone"
    }
  }

  package var sentence: String { "\(why); \(hint)" }

  /// The dates that it could mean, as one would write them; for `candidates`.
  package var candidates: [String] {
    if case .ambiguous(_, let readings) = self { return readings.map(\.description) }
    return []
  }
}
