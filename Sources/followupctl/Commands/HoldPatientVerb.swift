internal import ArgumentParser
internal import FollowUpControl

/// Nothing is sent to a patient.
struct HoldPatientVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "patient", abstract: "Pauses the reminders of a patient.")
  static let examples = [
    "followupctl hold patient maria --reason \"in hospital\"",
    "followupctl hold patient P-7 --until +2w --reason \"abroad\"",
  ]

  @Argument(help: ArgumentHelp("Ref, part of the name, phone or e-mail.", valueName: "who"))
  var who: String
  @Option(help: ArgumentHelp("The hold ends by itself then.", valueName: "when"))
  var until: Word?
  @Option(help: ArgumentHelp("Why; staff will read it.", valueName: "text"))
  var reason: String
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    let request = AddHold.Request(kind: "patient", subject: who, until: until?.text, reason: reason)
    return try session.changed(try session.act(AddHold.self, request) { $0.subject = $1 })
  }
}
