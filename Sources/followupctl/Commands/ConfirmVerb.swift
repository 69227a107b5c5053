internal import ArgumentParser
internal import FollowUpControl

/// The patient comes.
struct ConfirmVerb: Verb {
  static let configuration = CommandConfiguration(commandName: "confirm", abstract: "Records that the patient comes.")
  static let examples = [
    "followupctl confirm F-12",
    "followupctl confirm F-12@2026-12-01 --via phone",
  ]

  @Argument(help: ArgumentHelp("The follow-up: F-12, 12, F-12@2026-12-01 or SOURCE:EXTERNALID.", valueName: "id"))
  var id: Word
  @Option(help: ArgumentHelp("phone, in-person, reply or portal.", valueName: "how"))
  var via: String?
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    let request = RecordAnswer.Request(id: id.text, answer: "yes", via: via)
    return try session.changed(try session.act(RecordAnswer.self, request) { $0.id = $1 })
  }
}
