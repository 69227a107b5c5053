internal import FoundationEssentials

/// Finds the gateway's own id in its answer.
enum GatewayID {
  private enum Value: Decodable {
    case text(String)
    case number(Int64)
    case list([Value])
    case object([String: Value])
    case other

    init(from decoder: any Decoder) throws {
      guard let single = try? decoder.singleValueContainer() else {
        self = .other
        return
      }
      if let text = try? single.decode(String.self) {
        self = .text(text)
      } else if let number = try? single.decode(Int64.self) {
        self = .number(number)
      } else if let list = try? single.decode([Value].self) {
        self = .list(list)
      } else if let object = try? single.decode([String: Value].self) {
        self = .object(object)
      } else {
        self = .other
      }
    }
  }

  /// `path` names fields and positions, parted by dots. Nil where there is no text or whole number; at most 200 characters
  /// of printable ASCII, as it goes into a column that receipts are matched by.
  static func find(_ path: String, in body: [UInt8]) -> String? {
    guard let root = try? JSONDecoder().decode(Value.self, from: Data(body)) else { return nil }
    var value: Value? = root
    for step in path.split(separator: ".") {
      switch value {
      case .object(let object): value = object[String(step)]
      case .list(let list):
        value = Int(step).flatMap { list.indices.contains($0) ? list[$0] : nil }
      default: return nil
      }
    }
    switch value {
    case .text(let text):
      let isPlain = text.utf8.allSatisfy { (0x21...0x7e).contains($0) }
      return isPlain && (1...200).contains(text.utf8.count) ? text : nil
    case .number(let number): return String(number)
    default: return nil
    }
  }
}
