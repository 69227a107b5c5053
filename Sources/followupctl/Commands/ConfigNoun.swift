internal import ArgumentParser

/// The configuration.
struct ConfigNoun: Noun {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "The configuration.",
    subcommands: [
      ConfigCheckVerb.self
    ])
  static let examples = [
    "followupctl config check",
    "followupctl config check /etc/followupd.new",
  ]
}
