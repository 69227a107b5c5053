internal import ArgumentParser
internal import FollowUpControl

/// The holds in force.
struct HoldListVerb: Verb {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists the holds that are in force.")
  static let examples = [
    "followupctl hold list",
    "followupctl hold list --json",
  ]

  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    try session.list(
      try session.call(ListHolds.self, ListHolds.Request()),
      empty: "Nothing is held. See what is sent next with: followupctl upcoming")
  }
}
