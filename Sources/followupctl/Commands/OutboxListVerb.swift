internal import ArgumentParser
internal import FollowUpControl

/// Messages, the newest first.
struct OutboxListVerb: Verb {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists messages.")
  static let examples = [
    "followupctl outbox list",
    "followupctl outbox list --state uncertain --channel email",
  ]

  @Option(
    help: ArgumentHelp(
      "claimed, waiting, uncertain, sent, rejected, failed, cancelled or doubtful.", valueName: "state"))
  var state: String?
  @Option(help: ArgumentHelp("Of one channel.", valueName: "channel"))
  var channel: String?
  @Option(help: ArgumentHelp("From that day.", valueName: "day"))
  var since: String?
  @Option(help: ArgumentHelp("At most so many.", valueName: "n"))
  var limit: Int?
  @Option(help: ArgumentHelp("The page after that one.", valueName: "next"))
  var after: String?
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    let request = ListMessages.Request(state: state, channel: channel, since: since, limit: limit, after: after)
    return try session.list(
      try session.call(ListMessages.self, request),
      empty: "No message. See what is sent next with: followupctl upcoming")
  }
}
