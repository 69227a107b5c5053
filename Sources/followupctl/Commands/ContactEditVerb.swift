internal import ArgumentParser
internal import FollowUpControl

/// Changes what is given of a contact.
struct ContactEditVerb: Verb {
  static let configuration = CommandConfiguration(commandName: "edit", abstract: "Changes a contact.")
  static let examples = [
    "followupctl contact edit maria sms --address +16045550143",
    "followupctl contact edit P-7 17 --rank 1",
  ]

  @Argument(help: ArgumentHelp("Ref, part of the name, phone or e-mail.", valueName: "who"))
  var who: String
  @Argument(help: ArgumentHelp("Its id, its address, or its channel.", valueName: "contact"))
  var contact: String
  @Option(help: ArgumentHelp("The new address or number.", valueName: "address"))
  var address: String?
  @Option(help: ArgumentHelp("Whose it is.", valueName: "text"))
  var person: String?
  @Option(help: ArgumentHelp("1 is tried first.", valueName: "n"))
  var rank: Int?
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    guard address != nil || person != nil || rank != nil else {
      throw .usage(session.path, "nothing to change is named", "use --address, --person or --rank")
    }
    let request = EditContact.Request(who: who, contact: contact, address: address, person: person, rank: rank)
    return try session.changed(try session.act(EditContact.self, request) { $0.who = $1 })
  }
}
