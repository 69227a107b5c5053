internal import ArgumentParser
internal import FollowUpControl

/// A new patient, with contacts that rank in their order.
struct PatientAddVerb: Verb {
  static let configuration = CommandConfiguration(commandName: "add", abstract: "Adds a patient.")
  static let examples = [
    "followupctl patient add P-1024 --name \"Maria Silva\" --sms +16045550142",
    "followupctl patient add P-7 --name \"An Tran\" --language vi --email an@example.org --consent portal",
  ]

  @Argument(help: ArgumentHelp("The clinic's own identifier.", valueName: "ref"))
  var ref: String?
  @Option(help: ArgumentHelp("The name, for staff.", valueName: "name"))
  var name: String?
  @Option(name: .customLong("called"), help: ArgumentHelp("The name in messages.", valueName: "name"))
  var calledName: String?
  @Option(help: ArgumentHelp("The date of birth.", valueName: "day"))
  var born: String?
  @Option(help: ArgumentHelp("An e-mail address; several allowed.", valueName: "address"))
  var email: [RankedAddress] = []
  @Option(help: ArgumentHelp("A number for texts; several allowed.", valueName: "number"))
  var sms: [RankedAddress] = []
  @Option(help: ArgumentHelp("A number that people call; several allowed.", valueName: "number"))
  var phone: [RankedAddress] = []
  @Option(help: ArgumentHelp("Where consent comes from, or unknown; without it, staff.", valueName: "source"))
  var consent: String?
  @Option(help: ArgumentHelp("The language of messages, such as vi or pt-BR.", valueName: "tag"))
  var language: String?
  @Option(help: ArgumentHelp("The patient's zone, if not the clinic's.", valueName: "zone"))
  var zone: String?
  @Option(help: ArgumentHelp("Own contact hours, such as 10:00-12:00.", valueName: "hours"))
  var hours: String?
  @Flag(name: .customLong("call-only"), help: "Never write, only call.")
  var callOnly = false
  @Flag(help: "Change the patient if the ref exists.")
  var upsert = false
  @Option(help: ArgumentHelp("A JSON object with the fields of a patient, or - for standard input.", valueName: "file"))
  var file: String?
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    let form = try file.map { path throws(CommandError) in try PatientForm.read(path, session: session) }
    guard let ref = ref ?? form?.ref, let name = name ?? form?.name else {
      throw .usage(session.path, "REF and --name are needed", "give them, or a --file that holds ref and name")
    }
    let ranked = email.map { ("email", $0) } + sms.map { ("sms", $0) } + phone.map { ("phone", $0) }
    let typed = ranked.sorted { $0.1.place < $1.1.place }
      .map { ContactInput(channel: $0.0, address: $0.1.text) }
    let contacts = typed + (form?.contacts ?? [])
    let request = AddPatient.Request(
      ref: ref, name: name, calledName: calledName ?? form?.calledName, born: born ?? form?.born,
      contacts: contacts.isEmpty ? nil : contacts, consent: consent ?? form?.consent,
      language: language ?? form?.language, zone: zone ?? form?.zone, hours: hours ?? form?.hours,
      callOnly: callOnly ? true : form?.callOnly, upsert: upsert ? true : nil)
    return try session.changed(try session.act(AddPatient.self, request))
  }
}
