internal import FollowUpControl

/// Why a command ends without having done its work: one line, a stable word, an exit code.
struct CommandError: Error {
  var code: String
  var exitCode: Int32
  var what: String
  var why: String
  var hint: String
  var field: String?
  var candidates: [Candidate]?
  var existing: String?
  var faults: [Fault]?

  /// `followupctl: WHAT: WHY: WHAT TO DO`, whatever the texts hold.
  var line: String {
    var parts = [what, why].filter { !$0.isEmpty }
    var remedy = hint
    if let candidates, code == "ambiguous", candidates.contains(where: { !hint.contains($0.id) }) {
      let named = candidates.prefix(9).map { candidate in
        candidate.text.map { "\(candidate.id) (\($0))" } ?? candidate.id
      }
      remedy += (remedy.isEmpty ? "" : ": ") + named.joined(separator: ", ") + (candidates.count > 9 ? ", …" : "")
    }
    if !remedy.isEmpty { parts.append(remedy) }
    return SafeText.escaped("followupctl: " + parts.joined(separator: ": "))
  }

  /// The same for programs.
  var json: String {
    let object = ErrorObject(
      error: [what, why].filter { !$0.isEmpty }.joined(separator: ": "), code: code, exit: Int(exitCode),
      field: field, hint: hint, candidates: candidates ?? [], existing: existing, faults: faults ?? [])
    let bytes = (try? WireJSON.encode(object)) ?? []
    return String(decoding: bytes, as: UTF8.self)
  }

  static func usage(_ what: String, _ why: String, _ hint: String, candidates: [Candidate]? = nil) -> CommandError {
    CommandError(code: "usage", exitCode: 64, what: what, why: why, hint: hint, candidates: candidates)
  }
}

private struct ErrorObject: Codable {
  var error: String
  var code: String
  var exit: Int
  @Nullable var field: String?
  var hint: String
  var candidates: [Candidate]
  @Nullable var existing: String?
  var faults: [Fault]
}

extension CommandError {
  /// `method`: with its interface. The daemon knows the verb by that name only; the reader typed another.
  init(_ error: ControlError, verb: String, method: String) {
    let isMethod = error.what.isEmpty || method.hasSuffix("." + error.what)
    self.init(
      code: error.kind.code, exitCode: error.kind.exitCode, what: isMethod ? verb : error.what,
      why: error.why.isEmpty ? "the daemon failed" : error.why,
      hint: error.hint.isEmpty ? "journalctl -u followupd says more" : error.hint, field: error.field,
      candidates: error.candidates, existing: error.existing, faults: error.faults)
  }

  init(_ error: ClientError, verb: String, method: String, socket: String) {
    func make(_ code: String, _ exit: Int32, _ why: String, _ hint: String) -> CommandError {
      CommandError(code: code, exitCode: exit, what: verb, why: why, hint: hint)
    }
    self =
      switch error {
      case .noDaemon(let path, let reason):
        make(
          "no-daemon", 69, "no daemon answers at \(path) (\(reason))",
          "start it with systemctl start followupd, or name its socket with --socket")
      case .permissionDenied(let path):
        make("not-permitted", 77, "this user may not use \(path)", "ask to be added to the group followup")
      case .disconnected(let reason): make("later", 75, "the connection ended (\(reason))", "try again")
      case .timedOut: make("later", 75, "the daemon did not answer in time", "see systemctl status followupd")
      case .protocolViolation(let what):
        make("internal", 70, "what answers at \(socket) is not followupd (\(what))", "check --socket")
      case .remote(let name, let parameters): CommandError(name, parameters, verb: verb, method: method)
      }
  }

  /// An error of the daemon, by its Varlink name.
  private init(_ name: String, _ parameters: [UInt8], verb: String, method: String) {
    if let kind = ControlError.Kind(varlinkName: name) {
      var error =
        (try? WireJSON.decode(ControlError.self, from: parameters)) ?? ControlError(kind, what: "", why: "", hint: "")
      error.kind = kind
      self.init(error, verb: verb, method: method)
      return
    }
    let detail = (try? WireJSON.decode(ServiceFault.self, from: parameters)) ?? ServiceFault()
    self.init(code: "internal", exitCode: 70, what: verb, why: "the daemon answered \(name)", hint: "check its version")
    switch name {
    case "org.varlink.service.InvalidParameter":
      (code, exitCode, field) = ("invalid", 65, detail.parameter)
      (why, hint) = ("the daemon cannot read \(detail.parameter ?? "the request")", "see followupctl help \(verb)")
    case "org.varlink.service.PermissionDenied":
      (code, exitCode) = ("not-permitted", 77)
      (why, hint) = ("this user may not do that", "followupctl whoami says what it may")
    case "org.varlink.service.MethodNotFound", "org.varlink.service.MethodNotImplemented":
      (code, exitCode) = ("usage", 64)
      (why, hint) = ("the daemon that runs does not know this verb", "upgrade it, or restart it after an upgrade")
    default: break
    }
  }
}

/// The parameters of the errors that Varlink itself defines.
private struct ServiceFault: Codable {
  var parameter: String?
}
