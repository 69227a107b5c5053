/// What is wrong with a frame that a client sent.
package enum FrameFault: Error, Sendable, Hashable {
  case malformed
  case tooDeep
  /// A member of the call has the wrong type, is missing or stands twice.
  case member(String)
}

extension VarlinkCall {
  /// Reads a call from a frame without its NUL. Unknown members are let be, as varlink.org has it.
  package init(frame: [UInt8], depthLimit: Int = 64) throws(FrameFault) {
    let fields = try FrameFields(frame, depthLimit: depthLimit)
    guard let name = try fields.string("method") else { throw .member("method") }
    let more = try fields.bool("more")
    let oneway = try fields.bool("oneway")
    guard !(more && oneway) else { throw .member("oneway") }
    self.init(
      method: name, parameters: try fields.object("parameters"), more: more, oneway: oneway,
      upgrade: try fields.bool("upgrade"))
  }
}

/// One reply as it stands on the wire.
package struct VarlinkReply: Sendable, Hashable {
  package var parameters: [UInt8]
  /// More replies to the same call follow.
  package var continues: Bool
  package var error: String?

  package init(parameters: [UInt8], continues: Bool = false, error: String? = nil) {
    self.parameters = parameters
    self.continues = continues
    self.error = error
  }

  /// Reads a reply from a frame without its NUL; nil if it is none.
  package init?(frame: [UInt8]) {
    guard let fields = try? FrameFields(frame),
      let parameters = try? fields.object("parameters"),
      let continues = try? fields.bool("continues"),
      let error = try? fields.string("error") ?? .some("")
    else { return nil }
    self.init(parameters: parameters, continues: continues, error: error.isEmpty ? nil : error)
  }

  /// The frame with its NUL. `parameters` go out as they are.
  package var frame: [UInt8] {
    var out = Array("{".utf8)
    if let error { out += Array("\"error\":".utf8) + JSONText.quoted(error) + Array(",".utf8) }
    out += Array("\"parameters\":".utf8) + (parameters.isEmpty ? Array("{}".utf8) : parameters)
    if continues { out += Array(",\"continues\":true".utf8) }
    out += Array("}".utf8) + [0]
    return out
  }
}

/// The members of a frame's outermost object.
private struct FrameFields {
  let bytes: [UInt8]
  let ranges: [String: Range<Int>]

  init(_ bytes: [UInt8], depthLimit: Int = 64) throws(FrameFault) {
    self.bytes = bytes
    do {
      ranges = try JSONScanner.members(of: bytes, depthLimit: depthLimit)
    } catch {
      throw switch error {
      case .malformed: .malformed
      case .tooDeep: .tooDeep
      case .repeated(let key): .member(key)
      }
    }
  }

  func string(_ key: String) throws(FrameFault) -> String? {
    guard let literal = literal(key) else { return nil }
    guard let text = JSONScanner.string(in: literal) else { throw .member(key) }
    return text
  }

  func bool(_ key: String) throws(FrameFault) -> Bool {
    guard let literal = literal(key) else { return false }
    if literal.elementsEqual("true".utf8) { return true }
    if literal.elementsEqual("false".utf8) { return false }
    throw .member(key)
  }

  func object(_ key: String) throws(FrameFault) -> [UInt8] {
    guard let literal = literal(key) else { return Array("{}".utf8) }
    guard literal.first == UInt8(ascii: "{") else { throw .member(key) }
    return Array(literal)
  }

  /// `null` counts as left out.
  private func literal(_ key: String) -> ArraySlice<UInt8>? {
    guard let range = ranges[key], !bytes[range].elementsEqual("null".utf8) else { return nil }
    return bytes[range]
  }
}
