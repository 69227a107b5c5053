internal import ArgumentParser
internal import FollowUpControl

/// The contacts of a patient.
struct ContactListVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists the contacts of a patient, first rank first.")
  static let examples = [
    "followupctl contact list P-1024",
    "followupctl contact list maria --json",
  ]

  @Argument(help: ArgumentHelp("Ref, part of the name, phone or e-mail.", valueName: "who"))
  var who: String
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    try session.list(
      try session.call(ListContacts.self, ListContacts.Request(who: who)) { $0.who = $1 },
      empty: "No contact. Add one with: followupctl contact add WHO CHANNEL ADDRESS")
  }
}
