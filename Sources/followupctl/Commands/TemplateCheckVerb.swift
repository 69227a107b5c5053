internal import ArgumentParser
internal import FollowUpControl

/// Every fault of the texts, at once, with their figures.
struct TemplateCheckVerb: Verb {
  static let configuration = CommandConfiguration(commandName: "check", abstract: "Checks texts without loading them.")
  static let examples = [
    "followupctl template check",
    "followupctl template check ./templates",
  ]

  @Argument(help: ArgumentHelp("The directory; without it, the one in use.", valueName: "dir"))
  var directory: String?
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    let request = CheckTemplates.Request(directory: try directory.map(AbsolutePath.of))
    let reply = try session.call(CheckTemplates.self, request)
    if session.format == .text || session.format == .plain, !reply.items.isEmpty {
      session.console.out(session.page.table(reply.items.map(\.row)) + "\n")
    }
    return try session.checked(reply, ok: reply.ok, checked: reply.checked, faults: reply.faults)
  }
}
