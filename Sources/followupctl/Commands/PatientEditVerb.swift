internal import ArgumentParser
internal import FollowUpControl

/// Changes what is given of a patient.
struct PatientEditVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "edit", abstract: "Changes a patient; an empty text clears.")
  static let examples = [
    "followupctl patient edit P-1024 --called Mia --language pt",
    "followupctl patient edit maria --zone America/Edmonton",
  ]

  @Argument(help: ArgumentHelp("Ref, part of the name, phone or e-mail.", valueName: "who"))
  var who: String
  @Option(help: ArgumentHelp("The name, for staff.", valueName: "name"))
  var name: String?
  @Option(name: .customLong("called"), help: ArgumentHelp("The name in messages.", valueName: "name"))
  var calledName: String?
  @Option(help: ArgumentHelp("The date of birth.", valueName: "day"))
  var born: String?
  @Option(help: ArgumentHelp("The language of messages, such as vi or pt-BR.", valueName: "tag"))
  var language: String?
  @Option(help: ArgumentHelp("The patient's zone, if not the clinic's.", valueName: "zone"))
  var zone: String?
  @Option(help: ArgumentHelp("Own contact hours, such as 10:00-12:00.", valueName: "hours"))
  var hours: String?
  @Flag(name: .customLong("call-only"), inversion: .prefixedNo, help: "Never write, only call.")
  var callOnly: Bool?
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    let request = EditPatient.Request(
      who: who, name: name, calledName: calledName, born: born, language: language, zone: zone, hours: hours,
      callOnly: callOnly)
    guard request != EditPatient.Request(who: who) else {
      throw .usage(session.path, "nothing to change is named", "see followupctl help patient edit")
    }
    return try session.changed(try session.act(EditPatient.self, request) { $0.who = $1 })
  }
}
