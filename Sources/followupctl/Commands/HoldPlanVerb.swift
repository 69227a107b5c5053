internal import ArgumentParser
internal import FollowUpControl

/// Nothing of a plan is sent.
struct HoldPlanVerb: Verb {
  static let configuration = CommandConfiguration(commandName: "plan", abstract: "Pauses the reminders of a plan.")
  static let examples = [
    "followupctl hold plan vaccination --reason \"no vaccine\"",
    "followupctl hold plan post-op --until +1w --reason \"text under review\" --yes",
  ]

  @Argument(help: ArgumentHelp("The name of the plan.", valueName: "plan"))
  var name: String
  @Option(help: ArgumentHelp("The hold ends by itself then.", valueName: "when"))
  var until: Word?
  @Option(help: ArgumentHelp("Why; staff will read it.", valueName: "text"))
  var reason: String
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    let request = AddHold.Request(kind: "plan", subject: name, until: until?.text, reason: reason)
    return try session.changed(try session.act(AddHold.self, request))
  }
}
