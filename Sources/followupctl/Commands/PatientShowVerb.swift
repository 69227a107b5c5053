internal import ArgumentParser
internal import FollowUpControl

/// One patient.
struct PatientShowVerb: Verb {
  static let configuration = CommandConfiguration(commandName: "show", abstract: "Shows a patient with the contacts.")
  static let examples = [
    "followupctl patient show P-1024",
    "followupctl --plain patient show maria",
  ]

  @Argument(help: ArgumentHelp("Ref, part of the name, phone or e-mail.", valueName: "who"))
  var who: String
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    try session.show(try session.call(ShowPatient.self, ShowPatient.Request(who: who)) { $0.who = $1 })
  }
}
