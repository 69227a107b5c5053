internal import ArgumentParser
internal import FollowUpControl

/// A channel sends again.
struct ChannelResumeVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Ends a channel's holds, and tries its server again now.")
  static let examples = [
    "followupctl channel resume email",
    "followupctl channel resume sms --dry-run",
  ]

  @Argument(help: ArgumentHelp("The channel.", valueName: "channel"))
  var channel: String
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    try session.changed(try session.act(ResumeChannel.self, ResumeChannel.Request(name: channel)))
  }
}
