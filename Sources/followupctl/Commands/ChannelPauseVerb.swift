internal import ArgumentParser
internal import FollowUpControl

/// Nothing leaves by a channel.
struct ChannelPauseVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "pause", abstract: "Holds a channel: nothing leaves by it until it is resumed.")
  static let examples = [
    "followupctl channel pause sms",
    "followupctl channel pause email --until +2h --reason \"relay is moved\"",
  ]

  @Argument(help: ArgumentHelp("The channel.", valueName: "channel"))
  var channel: String
  @Option(help: ArgumentHelp("It is resumed by itself then.", valueName: "when"))
  var until: Word?
  @Option(help: ArgumentHelp("Why; staff will read it.", valueName: "text"))
  var reason: String?
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    let request = PauseChannel.Request(name: channel, until: until?.text, reason: reason)
    return try session.changed(try session.act(PauseChannel.self, request))
  }
}
