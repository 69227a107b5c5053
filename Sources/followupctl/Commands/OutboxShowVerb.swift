internal import ArgumentParser
internal import FollowUpControl

/// One message with its tries.
struct OutboxShowVerb: Verb {
  static let configuration = CommandConfiguration(commandName: "show", abstract: "Shows a message and its tries.")
  static let examples = [
    "followupctl outbox show M-7",
    "followupctl outbox show M-7 --body",
  ]

  @Argument(help: ArgumentHelp("The message, such as M-7.", valueName: "message"))
  var id: Word
  @Flag(help: "With its text.")
  var body = false
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    try session.show(try session.call(ShowMessage.self, ShowMessage.Request(id: id.text, body: body ? true : nil)))
  }
}
