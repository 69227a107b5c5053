extension VarlinkError {
  /// An error of `org.followupd` that the transport itself gives, in the shape that all of them have: `what` went wrong,
  /// `why`, and the `hint` what to do.
  static func followup(_ name: String, what: String, why: String, hint: String) -> VarlinkError {
    var parameters = Array("{\"what\":".utf8) + JSONText.quoted(what)
    parameters += Array(",\"why\":".utf8) + JSONText.quoted(why)
    parameters += Array(",\"hint\":".utf8) + JSONText.quoted(hint) + Array("}".utf8)
    return VarlinkError(name: "org.followupd." + name, parameters: parameters)
  }

  /// The daemon could not finish the call for a reason of its own.
  static let unanswered = followup(
    "Internal", what: "the call", why: "the daemon gave no answer", hint: "look into the journal of followupd")

  static func malformed(_ why: String) -> VarlinkError {
    followup("Invalid", what: "the request", why: why, hint: "send one JSON object that ends in a NUL byte")
  }

  static func unavailable(_ why: String, hint: String) -> VarlinkError {
    followup("Unavailable", what: "the connection", why: why, hint: hint)
  }
}
