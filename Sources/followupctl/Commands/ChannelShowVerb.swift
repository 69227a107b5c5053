internal import ArgumentParser
internal import FollowUpControl

/// One channel.
struct ChannelShowVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Shows a channel, what waits for it, and what to do.")
  static let examples = [
    "followupctl channel show email",
    "followupctl channel show sms --json",
  ]

  @Argument(help: ArgumentHelp("The channel.", valueName: "channel"))
  var channel: String
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    try session.show(try session.call(ShowChannel.self, ShowChannel.Request(name: channel)))
  }
}
