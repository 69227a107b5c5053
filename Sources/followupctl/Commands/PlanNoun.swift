internal import ArgumentParser

/// The plans.
struct PlanNoun: Noun {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "The plans that reminders follow.",
    subcommands: [
      PlanListVerb.self, PlanShowVerb.self, PlanCheckVerb.self,
    ], defaultSubcommand: PlanListVerb.self)
  static let examples = [
    "followupctl plan list",
    "followupctl plan show post-op",
  ]
}
