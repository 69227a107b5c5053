internal import ArgumentParser
internal import FollowUpControl

/// Tries what waits again.
struct OutboxFlushVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "flush", abstract: "Tries now what waits for another try, or for a server that did not answer.")
  static let examples = [
    "followupctl outbox flush --yes",
    "followupctl outbox flush --channel email --yes",
  ]

  @Option(help: ArgumentHelp("Of one channel.", valueName: "channel"))
  var channel: String?
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    try session.changed(try session.act(FlushMessages.self, FlushMessages.Request(channel: channel)), single: false)
  }
}
