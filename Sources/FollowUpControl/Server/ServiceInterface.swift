/// The interface that every Varlink service has, `org.varlink.service`, and the list of those that stand beside it.
struct ServiceInterface: Sendable {
  let identity: ServiceIdentity
  /// Interface name to its text.
  let descriptions: [String: String] = [
    "org.varlink.service": Self.text,
    "org.followupd": String(decoding: PackageResources.org_followupd_varlink, as: UTF8.self),
  ]

  /// The reply to a call that the transport answers by itself; nil where it is the handler's.
  func answer(_ call: VarlinkCall) -> VarlinkReply? {
    do throws(VarlinkError) {
      guard !call.interface.isEmpty, !call.name.isEmpty else { throw .invalidParameter("method") }
      guard descriptions[call.interface] != nil else { throw .interfaceNotFound(call.interface) }
      guard call.interface == "org.varlink.service" else { return nil }
      switch call.name {
      case "GetInfo": return VarlinkReply(parameters: information)
      case "GetInterfaceDescription": return VarlinkReply(parameters: try description(call.parameters))
      default: throw .methodNotFound(call.method)
      }
    } catch {
      return VarlinkReply(error)
    }
  }

  private var information: [UInt8] {
    let fields = [
      ("vendor", identity.vendor), ("product", identity.product), ("version", identity.version), ("url", identity.url),
    ]
    var out = Array("{".utf8)
    for (key, value) in fields { out += Array("\"\(key)\":".utf8) + JSONText.quoted(value) + Array(",".utf8) }
    out += Array("\"interfaces\":[".utf8)
    out += descriptions.keys.sorted(by: >).map(JSONText.quoted).joined(separator: Array(",".utf8))
    return out + Array("]}".utf8)
  }

  private func description(_ parameters: [UInt8]) throws(VarlinkError) -> [UInt8] {
    guard let members = try? JSONScanner.members(of: parameters), let range = members["interface"],
      let name = JSONScanner.string(in: parameters[range])
    else { throw .invalidParameter("interface") }
    guard let text = descriptions[name] else { throw .interfaceNotFound(name) }
    return Array("{\"description\":".utf8) + JSONText.quoted(text) + Array("}".utf8)
  }

  private static let text = """
    # The Varlink Service Interface is provided by every varlink service. It
    # describes the service and the interfaces it implements.
    interface org.varlink.service

    # Get a list of all the interfaces a service provides and information
    # about the implementation.
    method GetInfo() -> (
      vendor: string,
      product: string,
      version: string,
      url: string,
      interfaces: []string
    )

    # Get the description of an interface that is implemented by this service.
    method GetInterfaceDescription(interface: string) -> (description: string)

    # The requested interface was not found.
    error InterfaceNotFound (interface: string)

    # The requested method was not found
    error MethodNotFound (method: string)

    # The interface defines the requested method, but the service does not
    # implement it.
    error MethodNotImplemented (method: string)

    # One of the passed parameters is invalid.
    error InvalidParameter (parameter: string)

    # Client is denied access
    error PermissionDenied ()

    # Method is expected to be called with 'more' set to true, but wasn't
    error ExpectedMore ()

    """
}

extension VarlinkReply {
  init(_ error: VarlinkError) {
    self.init(parameters: error.parameters, error: error.name)
  }
}
