/// Why a zone cannot be used. It concerns the rows that name it, never the others.
package enum ZoneError: Error, Hashable, Sendable {
  /// No zone of this name; `suggestion` is the nearest one there is.
  case unknown(name: String, suggestion: String?)
  /// Not a name that a zone can have.
  case badName(String)
  /// The zone's file is not readable, or not what RFC 8536 says.
  case damaged(name: String, why: String)

  /// A stable word.
  package var code: String {
    switch self {
    case .unknown: "unknown-zone"
    case .badName: "bad-zone-name"
    case .damaged: "damaged-zone"
    }
  }

  /// What is wrong and what to do, for an operator.
  package var sentence: String {
    switch self {
    case .unknown(let name, let suggestion?): "there is no zone '\(name)'; did you mean '\(suggestion)'?"
    case .unknown(let name, nil): "there is no zone '\(name)'; write an IANA name, such as 'America/Vancouver'"
    case .badName(let name): "'\(name)' is no name of a zone; write an IANA name, such as 'America/Vancouver'"
    case .damaged: "\(why); reinstall the package tzdata"
    }
  }

  /// What is wrong alone, where what to do stands elsewhere.
  package var why: String {
    switch self {
    case .unknown(let name, _): "there is no zone '\(name)'"
    case .badName(let name): "'\(name)' is no name of a zone"
    case .damaged(let name, let why): "the file of zone '\(name)' is damaged (\(why))"
    }
  }
}
