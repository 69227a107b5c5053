/// One request of a client, as far as the transport reads it.
package struct VarlinkCall: Sendable, Hashable {
  /// Fully qualified, e.g. "org.followupd.GetStatus".
  package var method: String
  /// The `parameters` object as the client wrote it, one valid JSON object in UTF-8; `{}` if it sent none.
  package var parameters: [UInt8]
  /// The client takes several replies.
  package var more: Bool
  /// The client wants no reply at all.
  package var oneway: Bool
  /// The client wants to leave Varlink after the reply; nothing here offers that.
  package var upgrade: Bool

  package init(
    method: String, parameters: [UInt8] = Array("{}".utf8), more: Bool = false, oneway: Bool = false,
    upgrade: Bool = false
  ) {
    self.method = method
    self.parameters = parameters
    self.more = more
    self.oneway = oneway
    self.upgrade = upgrade
  }

  /// The part before the last dot: "org.followupd".
  package var interface: String { method.lastIndex(of: ".").map { String(method[..<$0]) } ?? "" }
  /// The part after the last dot: "GetStatus".
  package var name: String { method.lastIndex(of: ".").map { String(method[method.index(after: $0)...]) } ?? method }
}
