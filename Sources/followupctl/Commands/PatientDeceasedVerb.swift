internal import ArgumentParser
internal import FollowUpControl

/// The dead are left in peace (R15).
struct PatientDeceasedVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "deceased", abstract: "Records a death and ends everything for the patient.")
  static let examples = [
    "followupctl patient deceased P-1024",
    "followupctl patient deceased P-1024 --dry-run",
  ]

  @Argument(help: ArgumentHelp("Ref, part of the name, phone or e-mail.", valueName: "who"))
  var who: String
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    let request = MarkDeceased.Request(who: who)
    return try session.changed(try session.act(MarkDeceased.self, request) { $0.who = $1 })
  }
}
