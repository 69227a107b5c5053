internal import ArgumentParser
internal import FollowUpControl

/// A message before it goes.
struct PreviewVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "preview", abstract: "Shows the next message of a follow-up as it would go out.")
  static let examples = [
    "followupctl preview F-12",
    "followupctl preview F-12 --language fr",
  ]

  @Argument(help: ArgumentHelp("A follow-up, a date of it, or a reminder.", valueName: "id"))
  var id: Word
  @Option(help: ArgumentHelp("In that language, instead of the patient's.", valueName: "tag"))
  var language: String?
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    try session.show(
      try session.call(PreviewMessage.self, PreviewMessage.Request(id: id.text, language: language)))
  }
}
