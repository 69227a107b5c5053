internal import ArgumentParser
internal import FollowUpControl

/// The visits took place.
struct CompleteVerb: Verb {
  static let configuration = CommandConfiguration(commandName: "complete", abstract: "Records that visits took place.")
  static let examples = [
    "followupctl complete F-12 F-15",
    "followupctl complete --day today",
  ]

  @Argument(help: ArgumentHelp("Follow-ups, or - for those on standard input.", valueName: "id"))
  var ids: [Word] = []
  @Option(help: ArgumentHelp("All that are open on that day.", valueName: "day"))
  var day: String?
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    guard (day == nil) == !ids.isEmpty else {
      throw .usage(session.path, "it needs either ids or --day", "see followupctl help complete")
    }
    let named = try session.ids(ids)
    let request = CompleteFollowUps.Request(ids: day == nil ? named : nil, day: day)
    return try session.changed(try session.act(CompleteFollowUps.self, request), single: named.count == 1)
  }
}
