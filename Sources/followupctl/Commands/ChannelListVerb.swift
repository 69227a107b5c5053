internal import ArgumentParser
internal import FollowUpControl

/// The channels, by name.
struct ChannelListVerb: Verb {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists the channels.")
  static let examples = [
    "followupctl channel list",
    "followupctl channel list --json",
  ]

  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    try session.list(
      try session.call(ListChannels.self, ListChannels.Request()),
      empty: "The configuration has no channel: write [channels.email] into followupd.toml, then: followupctl reload")
  }
}
