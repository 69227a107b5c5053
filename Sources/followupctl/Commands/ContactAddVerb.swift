internal import ArgumentParser
internal import FollowUpControl

/// One more way to reach a patient.
struct ContactAddVerb: Verb {
  static let configuration = CommandConfiguration(commandName: "add", abstract: "Adds a contact.")
  static let examples = [
    "followupctl contact add maria sms +16045550142",
    "followupctl contact add P-7 phone 604-555-0177 --person \"daughter Mai\" --rank 1",
  ]

  @Argument(help: ArgumentHelp("Ref, part of the name, phone or e-mail.", valueName: "who"))
  var who: String
  @Argument(help: ArgumentHelp("email, sms, phone, or another channel.", valueName: "channel"))
  var channel: String
  @Argument(help: ArgumentHelp("The address or number.", valueName: "address"))
  var address: String
  @Option(help: ArgumentHelp("Whose it is, if not the patient's.", valueName: "text"))
  var person: String?
  @Option(help: ArgumentHelp("1 is tried first; without it, last.", valueName: "n"))
  var rank: Int?
  @Option(help: ArgumentHelp("Where consent comes from, or unknown; without it, staff.", valueName: "source"))
  var consent: String?
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    let request = AddContact.Request(
      who: who, channel: channel, address: address, person: person, rank: rank, consent: consent)
    return try session.changed(try session.act(AddContact.self, request) { $0.who = $1 })
  }
}
