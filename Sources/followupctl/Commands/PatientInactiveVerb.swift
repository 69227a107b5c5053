internal import ArgumentParser
internal import FollowUpControl

/// A patient who left the clinic.
struct PatientInactiveVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "inactive", abstract: "Ends all reminders of a patient who left.")
  static let examples = [
    "followupctl patient inactive P-1024",
    "followupctl patient inactive maria --reason \"moved away\" --yes",
  ]

  @Argument(help: ArgumentHelp("Ref, part of the name, phone or e-mail.", valueName: "who"))
  var who: String
  @Option(help: ArgumentHelp("Why.", valueName: "text"))
  var reason: String?
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    let request = InactivatePatient.Request(who: who, reason: reason)
    return try session.changed(try session.act(InactivatePatient.self, request) { $0.who = $1 })
  }
}
