internal import ArgumentParser

/// Pauses of sending.
struct HoldNoun: Noun {
  static let configuration = CommandConfiguration(
    commandName: "hold", abstract: "Pauses of sending.",
    subcommands: [
      HoldListVerb.self, HoldAllVerb.self, HoldPlanVerb.self, HoldPatientVerb.self, HoldChannelVerb.self,
    ], defaultSubcommand: HoldListVerb.self)
  static let examples = [
    "followupctl hold patient maria --until +3d --reason \"in hospital\"",
    "followupctl hold list",
  ]
}
