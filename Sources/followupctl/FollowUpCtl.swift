internal import ArgumentParser

/// The root: it lists its children and, by itself, shows the day.
struct FollowUpCtl: Noun {
  static let configuration = CommandConfiguration(
    commandName: "followupctl",
    abstract: "Work with the follow-ups of the clinic's patients.",
    discussion: "WHO, WHEN and ID are explained by: followupctl help who, help when, help id.",
    subcommands: [OverviewVerb.self, StatusVerb.self],
    groupedSubcommands: [
      CommandGroup(
        name: "Desk",
        subcommands: [
          AddVerb.self, ListVerb.self, ShowVerb.self, ExplainVerb.self, PreviewVerb.self, UpcomingVerb.self,
          ConfirmVerb.self,
          DeclineVerb.self, RearrangeVerb.self, CallMeVerb.self, MoveVerb.self, EditVerb.self, CompleteVerb.self,
          MissVerb.self, CancelVerb.self, StopVerb.self,
        ]),
      CommandGroup(name: "Patients", subcommands: [PatientNoun.self, ContactNoun.self]),
      CommandGroup(name: "Change", subcommands: [HoldNoun.self, ReleaseVerb.self]),
      CommandGroup(
        name: "Sending", subcommands: [OutboxNoun.self, ChannelNoun.self, PlanNoun.self, TemplateNoun.self]),
      CommandGroup(name: "Data", subcommands: [InboundNoun.self]),
      CommandGroup(
        name: "System", subcommands: [PingVerb.self, ReloadVerb.self, WhoAmIVerb.self, ConfigNoun.self]),
    ],
    defaultSubcommand: OverviewVerb.self)

  static let examples = [
    "followupctl add maria tue 2:30pm --plan post-op --note \"Dressing to be changed\"",
    "followupctl explain F-12",
  ]
}
