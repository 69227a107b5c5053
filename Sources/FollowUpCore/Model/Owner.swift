/// Who owns a follow-up's human work: a role or one member of the staff.
package enum Owner: Hashable, Sendable, LosslessStringConvertible {
  case role(String)
  case user(String)

  /// `role:nurse` or `user:ana`; nil for anything else.
  package init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let name = ConfiguredName(String(parts[1])) else { return nil }
    switch parts[0] {
    case "role": self = .role(name.text)
    case "user": self = .user(name.text)
    default: return nil
    }
  }

  package var description: String {
    switch self {
    case .role(let name): "role:\(name)"
    case .user(let name): "user:\(name)"
    }
  }

  package static let frontDesk = Owner.role("front-desk")
}

extension Owner: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let value = Owner(try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an owner")
    }
    self = value
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
