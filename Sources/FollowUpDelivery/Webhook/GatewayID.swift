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

  /// Lists and objects inside each other that are read: each costs stack, and a thread of ours has little.
  private static let deepest = 32

  /// How deep lists and objects lie inside each other.
  private static func depth(of body: [UInt8]) -> Int {
    var (depth, most, isText, isEscaped) = (0, 0, false, false)
    for byte in body {
      switch byte {
      case _ where isEscaped: isEscaped = false
      case UInt8(ascii: "\\") where isText: isEscaped = true
      case UInt8(ascii: "\""): isText.toggle()
      case _ where isText: break
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        depth += 1
        most = max(most, depth)
      case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
      default: break
      }
    }
    return most
  }

  /// `path` names fields and positions, parted by dots. Nil where there is no text or whole number; at most 200 characters
  /// of printable ASCII, as it goes into a column that receipts are matched by.
  static func find(_ path: String, in body: [UInt8]) -> String? {
    guard depth(of: body) <= deepest else { return nil }
    var value = try? JSONDecoder().decode(Value.self, from: Data(body))
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
