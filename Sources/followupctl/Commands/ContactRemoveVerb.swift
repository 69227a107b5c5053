internal import ArgumentParser
internal import FollowUpControl

/// One way less to reach a patient.
struct ContactRemoveVerb: Verb {
  static let configuration = CommandConfiguration(commandName: "remove", abstract: "Removes a contact.")
  static let examples = [
    "followupctl contact remove maria maria@example.org",
    "followupctl contact remove P-7 17 --yes",
  ]

  @Argument(help: ArgumentHelp("Ref, part of the name, phone or e-mail.", valueName: "who"))
  var who: String
  @Argument(help: ArgumentHelp("Its id, its address, or its channel.", valueName: "contact"))
  var contact: String
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    let request = RemoveContact.Request(who: who, contact: contact)
    return try session.changed(try session.act(RemoveContact.self, request) { $0.who = $1 })
  }
}
