internal import ArgumentParser
internal import FollowUpControl

/// The patient does not come.
struct DeclineVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "decline", abstract: "Records that the patient does not come.")
  static let examples = [
    "followupctl decline F-12",
    "followupctl decline F-12@2026-12-01 --via phone",
  ]

  @Argument(help: ArgumentHelp("The follow-up: F-12, 12, F-12@2026-12-01 or SOURCE:EXTERNALID.", valueName: "id"))
  var id: Word
  @Option(help: ArgumentHelp("phone, in-person, reply or portal.", valueName: "how"))
  var via: String?
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    let request = RecordAnswer.Request(id: id.text, answer: "no", via: via)
    return try session.changed(try session.act(RecordAnswer.self, request) { $0.id = $1 })
  }
}
