/// An error reply: a fully qualified name and its parameters.
package struct VarlinkError: Error, Sendable, Hashable {
  /// e.g. "org.varlink.service.MethodNotFound".
  package var name: String
  /// One JSON object in UTF-8.
  package var parameters: [UInt8]

  package init(name: String, parameters: [UInt8] = Array("{}".utf8)) {
    self.name = name
    self.parameters = parameters
  }

  /// The errors that every Varlink service knows (varlink.org, "org.varlink.service").
  package static func methodNotFound(_ method: String) -> VarlinkError { service("MethodNotFound", "method", method) }
  package static func methodNotImplemented(_ method: String) -> VarlinkError {
    service("MethodNotImplemented", "method", method)
  }
  package static func interfaceNotFound(_ interface: String) -> VarlinkError {
    service("InterfaceNotFound", "interface", interface)
  }
  /// `parameter`: its path, as `contacts[0].address`.
  package static func invalidParameter(_ parameter: String) -> VarlinkError {
    service("InvalidParameter", "parameter", parameter)
  }
  /// The method answers only to calls with `more`.
  package static let expectedMore = VarlinkError(name: "org.varlink.service.ExpectedMore")

  private static func service(_ name: String, _ key: String, _ value: String) -> VarlinkError {
    VarlinkError(
      name: "org.varlink.service." + name,
      parameters: Array("{\"\(key)\":".utf8) + JSONText.quoted(value) + Array("}".utf8))
  }
}
