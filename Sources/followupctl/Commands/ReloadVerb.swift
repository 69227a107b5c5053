internal import ArgumentParser
internal import FollowUpControl

/// Loads the configuration anew. On a terminal it first shows what that would do to reminders, and asks; a script goes ahead.
struct ReloadVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "reload", abstract: "Loads the configuration anew; a bad one changes nothing.")
  static let examples = [
    "followupctl reload",
    "followupctl reload --dry-run",
  ]

  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    let isAsked = session.console.isInteractive && (session.format == .text || session.format == .plain)
    if isAsked, !session.options.yes, !session.options.dryRun {
      var request = Reload.Request()
      request.dryRun = true
      let outlook = try session.call(Reload.self, request)
      guard try session.agrees(to: outlook) else { return 0 }
    }
    guard let reply = try session.act(Reload.self, Reload.Request()) else { return 0 }
    switch session.format {
    case .json: try session.json(reply)
    case .ids: break
    case .text, .plain:
      session.counts(added: reply.added, moved: reply.moved, cancelled: reply.cancelled)
      session.console.out(SafeText.escaped(reply.said) + "\n")
      if session.options.dryRun { session.console.out("Nothing was changed.\n") }
      for key in reply.restartNeeded {
        session.console.out("Read only when the daemon starts: \(SafeText.escaped(key))\n")
      }
      for warning in reply.warnings { session.console.out("Note: \(SafeText.escaped(warning))\n") }
    }
    return 0
  }
}

extension Session {
  /// Shows what would happen to reminders, and asks where there is anything.
  fileprivate func agrees(to outlook: Reload.Reply) throws(CommandError) -> Bool {
    guard outlook.added + outlook.moved + outlook.cancelled > 0 else { return true }
    counts(added: outlook.added, moved: outlook.moved, cancelled: outlook.cancelled)
    let answer = try console.ask("Load it? [y/N] ") ?? ""
    let agrees = ["y", "yes"].contains(answer.lowercased())
    if !agrees { console.out("Nothing was changed.\n") }
    return agrees
  }

  /// What planning anew does to reminders, on one line.
  func counts(added: Int, moved: Int, cancelled: Int) {
    console.out("Reminders: \(added) added, \(moved) moved, \(cancelled) cancelled\n")
  }
}
