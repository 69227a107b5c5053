internal import ArgumentParser
internal import FollowUpControl

/// Tries messages again.
struct OutboxRetryVerb: Verb {
  static let configuration = CommandConfiguration(commandName: "retry", abstract: "Tries messages again now.")
  static let examples = [
    "followupctl outbox retry M-7",
    "followupctl outbox retry --state waiting --yes",
  ]

  @Argument(help: ArgumentHelp("Messages, or - for those on standard input.", valueName: "message"))
  var ids: [Word] = []
  @Option(help: ArgumentHelp("All in that state.", valueName: "state"))
  var state: String?
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    guard (state == nil) == !ids.isEmpty else {
      throw .usage(session.path, "it needs either messages or --state", "see followupctl help outbox retry")
    }
    let named = try session.ids(ids)
    let request = RetryMessages.Request(ids: state == nil ? named : nil, state: state)
    return try session.changed(try session.act(RetryMessages.self, request), single: named.count == 1)
  }
}
