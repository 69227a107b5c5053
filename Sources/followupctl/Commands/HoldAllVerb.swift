internal import ArgumentParser
internal import FollowUpControl

/// Nothing is sent.
struct HoldAllVerb: Verb {
  static let configuration = CommandConfiguration(commandName: "all", abstract: "Pauses all sending.")
  static let examples = [
    "followupctl hold all --reason \"mail server is moved\"",
    "followupctl hold all --until \"tomorrow 9:00\" --reason \"fire drill\" --yes",
  ]

  @Option(help: ArgumentHelp("The hold ends by itself then.", valueName: "when"))
  var until: Word?
  @Option(help: ArgumentHelp("Why; staff will read it.", valueName: "text"))
  var reason: String
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    let request = AddHold.Request(kind: "all", until: until?.text, reason: reason)
    return try session.changed(try session.act(AddHold.self, request))
  }
}
