internal import ArgumentParser
internal import FollowUpControl

/// Another time for an occurrence.
struct MoveVerb: Verb {
  static let configuration = CommandConfiguration(commandName: "move", abstract: "Moves a follow-up to another time.")
  static let examples = [
    "followupctl move F-12 2026-12-03 10:00",
    "followupctl move F-12 thu 10am --by patient",
  ]

  @Argument(help: ArgumentHelp("The follow-up: F-12, 12, F-12@2026-12-01 or SOURCE:EXTERNALID.", valueName: "id"))
  var id: Word
  @Argument(help: ArgumentHelp("The new day and time, as several words.", valueName: "when"))
  var when: [Word]
  @Option(help: ArgumentHelp("patient or clinic.", valueName: "who"))
  var by: String?
  @Flag(help: "Send no notice to the patient.")
  var silent = false
  @Flag(name: .customLong("allow-past"), help: "Even if it is past.")
  var allowPast = false
  @Flag(name: .customLong("any-hour"), help: "Even outside the clinic's hours.")
  var anyHour = false
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    let request = MoveFollowUp.Request(
      id: id.text, when: when.joined, by: by, silent: silent ? true : nil, allowPast: allowPast ? true : nil,
      anyHour: anyHour ? true : nil)
    return try session.changed(try session.act(MoveFollowUp.self, request) { $0.id = $1 })
  }
}
