internal import ArgumentParser
internal import FollowUpControl

/// One plan with its steps.
struct PlanShowVerb: Verb {
  static let configuration = CommandConfiguration(commandName: "show", abstract: "Shows a plan.")
  static let examples = [
    "followupctl plan show appointment",
    "followupctl plan show post-op --json",
  ]

  @Argument(help: ArgumentHelp("The name of the plan.", valueName: "plan"))
  var name: String
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    try session.show(try session.call(ShowPlan.self, ShowPlan.Request(name: name)))
  }
}
