internal import ArgumentParser

/// The configuration.
struct ConfigNoun: Noun {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "The configuration.",
    subcommands: [
      ConfigCheckVerb.self, ConfigDiffVerb.self,
    ])
  static let examples = [
    "followupctl config check",
    "followupctl config diff",
  ]
}
