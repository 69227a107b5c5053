internal import ArgumentParser
internal import FollowUpControl

/// What a reload would change: keys, and what it would do to reminders.
struct ConfigDiffVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Compares the files of the configuration with what is in force.")
  static let examples = [
    "followupctl config diff",
    "followupctl config diff /etc/followupd.new",
  ]

  @Argument(help: ArgumentHelp("The directory; without it, the one in use.", valueName: "dir"))
  var directory: String?
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    let request = DiffConfiguration.Request(directory: try directory.map(AbsolutePath.of))
    let reply = try session.call(DiffConfiguration.self, request)
    switch session.format {
    case .json: try session.json(reply)
    case .ids: for change in reply.changes { session.console.out(SafeText.escaped(change.key) + "\n") }
    case .text, .plain:
      for change in reply.changes {
        let words = "\(change.key): \(change.old ?? "(not there)") → \(change.new ?? "(not there)")"
        session.console.out(SafeText.escaped(words) + "\n")
      }
      if reply.same { session.console.out("What is in force is what the files say.\n") }
      session.counts(added: reply.added, moved: reply.moved, cancelled: reply.cancelled)
    }
    return 0
  }
}
