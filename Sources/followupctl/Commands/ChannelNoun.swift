internal import ArgumentParser

/// The channels.
struct ChannelNoun: Noun {
  static let configuration = CommandConfiguration(
    commandName: "channel", abstract: "The ways that messages leave by, and how they fare.",
    subcommands: [
      ChannelListVerb.self, ChannelShowVerb.self, ChannelTestVerb.self, ChannelPauseVerb.self, ChannelResumeVerb.self,
    ], defaultSubcommand: ChannelListVerb.self)
  static let examples = [
    "followupctl channel list",
    "followupctl channel test email admin@example.org",
  ]
}
