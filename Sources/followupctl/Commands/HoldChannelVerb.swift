internal import ArgumentParser
internal import FollowUpControl

/// Nothing leaves by a channel.
struct HoldChannelVerb: Verb {
  static let configuration = CommandConfiguration(commandName: "channel", abstract: "Pauses a channel.")
  static let examples = [
    "followupctl hold channel sms --reason \"gateway repeats messages\"",
    "followupctl hold channel email --until +2h --reason \"relay is moved\" --yes",
  ]

  @Argument(help: ArgumentHelp("The channel.", valueName: "channel"))
  var channel: String
  @Option(help: ArgumentHelp("The hold ends by itself then.", valueName: "when"))
  var until: Word?
  @Option(help: ArgumentHelp("Why; staff will read it.", valueName: "text"))
  var reason: String
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    let request = AddHold.Request(kind: "channel", subject: channel, until: until?.text, reason: reason)
    return try session.changed(try session.act(AddHold.self, request))
  }
}
