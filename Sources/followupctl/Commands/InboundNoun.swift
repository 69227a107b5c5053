internal import ArgumentParser

/// What comes back from patients and gateways.
struct InboundNoun: Noun {
  static let configuration = CommandConfiguration(
    commandName: "inbound", abstract: "What comes back from gateways.", subcommands: [InboundReceiptVerb.self])
  static let examples = [
    "followupctl inbound receipt M-7 delivered",
    "followupctl inbound receipt SM90c6fc909d8504d45ecdb3a3d5b3556e failed --code 30003",
  ]
}
