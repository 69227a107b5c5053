internal import ArgumentParser
internal import FollowUpControl

/// The whole state of the service, what needs a person first.
struct StatusVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Shows how the service is, what needs a person first.")
  static let examples = [
    "followupctl status",
    "followupctl status --check",
  ]

  @Flag(help: "One line and an exit code, for Nagios and its kin.")
  var check = false
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    if check { return try nagios(session) }
    let status = try session.call(GetStatus.self, GetStatus.Request())
    switch session.format {
    case .json: try session.json(status)
    case .ids: session.console.out(SafeText.escaped(status.health) + "\n")
    case .text, .plain: session.console.out(StatusText(status: status, page: session.page).whole)
    }
    return 0
  }

  /// 0 ok, 1 warning, 2 critical, 3 unknown (Monitoring Plugins, Development Guidelines).
  private func nagios(_ session: Session) throws(CommandError) -> Int32 {
    let status: GetStatus.Reply
    do {
      status = try session.call(GetStatus.self, GetStatus.Request())
    } catch {
      let dead = error.code == "no-daemon" || error.code == "later"
      session.console.out((dead ? "CRITICAL" : "UNKNOWN") + " - " + SafeText.escaped(error.why) + "\n")
      return dead ? 2 : 3
    }
    let (word, code): (String, Int32) =
      switch status.health {
      case "ok" where status.attention.isEmpty: ("OK", 0)
      case "ok", "degraded": ("WARNING", 1)
      case "failing": ("CRITICAL", 2)
      default: ("UNKNOWN", 3)
      }
    if session.format == .json {
      try session.json(status)
    } else {
      session.console.out("\(word) - \(SafeText.escaped(StatusText(status: status, page: session.page).line))\n")
    }
    return code
  }
}
