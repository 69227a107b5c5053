internal import ArgumentParser
internal import FollowUpControl

/// Why a reminder is, or was not, sent.
struct ExplainVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Says why reminders are, or were not, sent.")
  static let examples = [
    "followupctl explain F-12",
    "followupctl explain maria",
  ]

  @Argument(help: ArgumentHelp("A follow-up, or a patient.", valueName: "id|who"))
  var subject: Word
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    let reply = try session.call(Explain.self, Explain.Request(subject: subject.text)) { $0.subject = $1 }
    guard session.format == .text || session.format == .plain, !reply.items.isEmpty else {
      return try session.list(reply, empty: "There is no reminder to explain. See: followupctl help add")
    }
    let parts = reply.items.map { $0.details(on: session.page) }
    session.console.out(parts.joined(separator: "\n"))
    return 0
  }
}
