internal import ArgumentParser
internal import FollowUpControl

/// The loaded plans.
struct PlanListVerb: Verb {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists the plans.")
  static let examples = [
    "followupctl plan list",
    "followupctl plan list --json",
  ]

  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    try session.list(
      try session.call(ListPlans.self, ListPlans.Request()),
      empty: "No plan is loaded. Write one into plans.d, then: followupctl reload")
  }
}
