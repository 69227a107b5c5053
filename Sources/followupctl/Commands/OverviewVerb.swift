internal import ArgumentParser
internal import FollowUpControl

/// `followupctl` by itself: the day, what needs a person, and where to go next.
struct OverviewVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "overview", abstract: "Shows the day (as without a verb).", shouldDisplay: false)
  static let examples = [
    "followupctl",
    "followupctl --json",
  ]

  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    let status = try session.call(GetStatus.self, GetStatus.Request())
    guard session.format == .text || session.format == .plain else {
      if session.format == .json { try session.json(status) }
      return 0
    }
    let next = try session.call(ListUpcoming.self, ListUpcoming.Request(limit: 5))
    let text = StatusText(status: status, page: session.page)
    session.console.out(text.attention + text.summary)
    session.console.out(session.page.section("Next", next.items.map(\.row)))
    if next.items.isEmpty { session.console.out("\nNothing is planned.\n") }
    session.console.out(
      """

      followupctl add WHO WHEN      promise a follow-up
      followupctl list              what is promised
      followupctl explain ID        why something is, or was not, sent
      followupctl help              everything else

      """)
    return 0
  }
}
