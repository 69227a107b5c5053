internal import ArgumentParser
internal import FollowUpControl

/// Loads the configuration anew.
struct ReloadVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "reload", abstract: "Loads the configuration anew; a bad one changes nothing.")
  static let examples = [
    "followupctl reload",
    "followupctl reload --dry-run",
  ]

  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    guard let reply = try session.act(Reload.self, Reload.Request()) else { return 0 }
    switch session.format {
    case .json: try session.json(reply)
    case .ids: break
    case .text, .plain:
      session.console.out(SafeText.escaped(reply.said) + "\n")
      for key in reply.restartNeeded { session.console.out("Needs a restart: \(SafeText.escaped(key))\n") }
      for warning in reply.warnings { session.console.out("Note: \(SafeText.escaped(warning))\n") }
    }
    return 0
  }
}
