internal import ArgumentParser
internal import FollowUpControl

/// Gives messages up.
struct OutboxDropVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "drop", abstract: "Gives messages up; urgent and soon ones become tasks.")
  static let examples = [
    "followupctl outbox drop M-7 --reason \"told by phone\" --yes",
    "followupctl outbox list --state waiting -q | followupctl outbox drop - --reason outdated --yes",
  ]

  @Argument(help: ArgumentHelp("Messages, or - for those on standard input.", valueName: "message"))
  var ids: [Word]
  @Option(help: ArgumentHelp("Why; staff will read it.", valueName: "text"))
  var reason: String
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    let named = try session.ids(ids)
    let reply = try session.act(DropMessages.self, DropMessages.Request(ids: named, reason: reason))
    return try session.changed(reply, single: named.count == 1)
  }
}
