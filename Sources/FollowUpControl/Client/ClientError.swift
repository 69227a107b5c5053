/// Why a call from a client's side came to nothing.
package enum ClientError: Error, Sendable, Hashable {
  /// Nobody listens at `path` (exit 69). `reason`: the kernel's sentence.
  case noDaemon(path: String, reason: String)
  /// The socket is there, but this user may not connect to it (exit 77).
  case permissionDenied(path: String)
  /// The daemon answered with an error. `parameters`: one JSON object in UTF-8.
  case remote(name: String, parameters: [UInt8])
  /// The connection ended before the reply (exit 75: the daemon stopped, or refused this client).
  case disconnected(reason: String)
  /// The daemon did not answer in the time given (exit 75).
  case timedOut
  /// What came back is not Varlink (exit 70). `what`: which rule it breaks.
  case protocolViolation(what: String)
}
