internal import ArgumentParser
internal import FollowUpControl

/// A patient who came back.
struct PatientActiveVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "active", abstract: "Makes an inactive patient active again.")
  static let examples = [
    "followupctl patient active P-1024",
    "followupctl patient active maria --reason \"came back\"",
  ]

  @Argument(help: ArgumentHelp("Ref, part of the name, phone or e-mail.", valueName: "who"))
  var who: String
  @Option(help: ArgumentHelp("Why.", valueName: "text"))
  var reason: String?
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    let request = ActivatePatient.Request(who: who, reason: reason)
    return try session.changed(try session.act(ActivatePatient.self, request) { $0.who = $1 })
  }
}
