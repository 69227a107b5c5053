/// Why a command was not done: what a handler throws, what goes over the wire, and what `followupctl` prints.
/// The texts name ids and fields, never a patient's data, but for `candidates`, which answer what staff typed.
package struct ControlError: Error, Codable, Equatable, Sendable {
  /// The closed set of errors, each with its Varlink name, stable word and exit code.
  package enum Kind: String, CaseIterable, Codable, Sendable {
    case notFound = "not-found"
    case ambiguous
    case duplicate
    case conflict
    case notPermitted = "not-permitted"
    case invalid
    case usage
    case later
    case `internal`
    case configuration
    case damaged
  }

  package var kind: Kind
  /// What was not done, or which thing it is about: `patient maria`, `add`.
  package var what: String
  /// Why, as a clause without a full stop.
  package var why: String
  /// What to do, as a clause without a full stop.
  package var hint: String
  /// The request's field that is wrong.
  package var field: String?
  /// What may have been meant.
  package var candidates: [Candidate]?
  /// The id of the thing that stands in the way.
  package var existing: String?
  /// Where files are wrong.
  package var faults: [Fault]?

  package init(
    _ kind: Kind, what: String, why: String, hint: String, field: String? = nil, candidates: [Candidate]? = nil,
    existing: String? = nil, faults: [Fault]? = nil
  ) {
    self.kind = kind
    self.what = what
    self.why = why
    self.hint = hint
    self.field = field
    self.candidates = candidates
    self.existing = existing
    self.faults = faults
  }

  private enum CodingKeys: CodingKey {
    case what, why, hint, field, candidates, existing, faults
  }

  /// The parameters alone, without the kind, which is the error's name on the wire.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(what, forKey: .what)
    try container.encode(why, forKey: .why)
    try container.encode(hint, forKey: .hint)
    try container.encode(field, forKey: .field)
    try container.encode(candidates, forKey: .candidates)
    try container.encode(existing, forKey: .existing)
    try container.encode(faults, forKey: .faults)
  }

  /// Reads the parameters; the kind is `internal` until the caller sets it from the error's name.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    kind = .internal
    what = try container.decodeIfPresent(String.self, forKey: .what) ?? ""
    why = try container.decodeIfPresent(String.self, forKey: .why) ?? ""
    hint = try container.decodeIfPresent(String.self, forKey: .hint) ?? ""
    field = try container.decodeIfPresent(String.self, forKey: .field)
    candidates = try container.decodeIfPresent([Candidate].self, forKey: .candidates)
    existing = try container.decodeIfPresent(String.self, forKey: .existing)
    faults = try container.decodeIfPresent([Fault].self, forKey: .faults)
  }
}

extension ControlError.Kind {
  /// The word that scripts match, `not-found`.
  package var code: String { rawValue }

  /// The Varlink error, one to one with `code`.
  package var varlinkName: String {
    let name =
      switch self {
      case .notFound: "NotFound"
      case .ambiguous: "Ambiguous"
      case .duplicate: "Duplicate"
      case .conflict: "Conflict"
      case .notPermitted: "NotPermitted"
      case .invalid: "Invalid"
      case .usage: "Usage"
      case .later: "Unavailable"
      case .internal: "Internal"
      case .configuration: "Configuration"
      case .damaged: "Damaged"
      }
    return "org.followupd." + name
  }

  /// The exit code of `followupctl` (sysexits.h, and 79 for a conflict).
  package var exitCode: Int32 {
    switch self {
    case .notFound: 66
    case .ambiguous, .invalid, .damaged: 65
    case .duplicate, .conflict: 79
    case .notPermitted: 77
    case .usage: 64
    case .later: 75
    case .internal: 70
    case .configuration: 78
    }
  }

  package init?(varlinkName: String) {
    guard let kind = Self.allCases.first(where: { $0.varlinkName == varlinkName }) else { return nil }
    self = kind
  }
}
