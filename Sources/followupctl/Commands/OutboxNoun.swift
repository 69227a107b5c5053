internal import ArgumentParser

/// The messages.
struct OutboxNoun: Noun {
  static let configuration = CommandConfiguration(
    commandName: "outbox", abstract: "The messages, and how they fared.",
    subcommands: [
      OutboxListVerb.self, OutboxShowVerb.self, OutboxRetryVerb.self, OutboxFlushVerb.self,
      OutboxDropVerb.self,
    ], defaultSubcommand: OutboxListVerb.self)
  static let examples = [
    "followupctl outbox list --state waiting",
    "followupctl outbox show M-7 --body",
  ]
}
