internal import ArgumentParser
internal import FollowUpControl

/// Ends holds.
struct ReleaseVerb: Verb {
  static let configuration = CommandConfiguration(commandName: "release", abstract: "Ends a hold, or all of a kind.")
  static let examples = [
    "followupctl release H-3",
    "followupctl release backlog --drop --reason \"too old to help\" --yes",
  ]

  @Argument(help: ArgumentHelp("all, an id of a hold, clock, restored or backlog.", valueName: "what"))
  var what: String
  @Flag(help: "Of a backlog: drop it; urgent and soon ones become tasks.")
  var drop = false
  @Option(help: ArgumentHelp("Why.", valueName: "text"))
  var reason: String?
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    guard !drop || reason != nil else {
      throw .usage(session.path, "--drop needs a --reason", "say why; staff will read it")
    }
    let request = ReleaseHolds.Request(what: what, drop: drop ? true : nil, reason: reason)
    let single = !["all", "clock", "restored", "backlog"].contains(what)
    return try session.changed(try session.act(ReleaseHolds.self, request), single: single)
  }
}
