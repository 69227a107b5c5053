internal import ArgumentParser
internal import FollowUpControl

/// The patients did not come.
struct MissVerb: Verb {
  static let configuration = CommandConfiguration(commandName: "miss", abstract: "Records that patients did not come.")
  static let examples = [
    "followupctl miss F-12",
    "followupctl list --status open --to yesterday -q | followupctl miss -",
  ]

  @Argument(help: ArgumentHelp("Follow-ups, or - for those on standard input.", valueName: "id"))
  var ids: [Word]
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    let named = try session.ids(ids)
    let reply = try session.act(MissFollowUps.self, MissFollowUps.Request(ids: named))
    return try session.changed(reply, single: named.count == 1)
  }
}
