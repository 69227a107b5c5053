internal import ArgumentParser
internal import FollowUpControl

/// How much of a series a cancellation concerns.
enum CancelScope: String, EnumerableFlag {
  case this, following, series

  static func help(for value: CancelScope) -> ArgumentHelp? {
    switch value {
    case .this: "Only the date that the id means (so without any of these)."
    case .following: "That date and all after it."
    case .series: "The whole series."
    }
  }
}

/// The visits will not take place.
struct CancelVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "cancel", abstract: "Cancels follow-ups, or dates of a series.")
  static let examples = [
    "followupctl cancel F-12 --by patient",
    "followupctl cancel F-20 --series --reason \"moved away\" --yes",
  ]

  @Argument(help: ArgumentHelp("Follow-ups, or - for those on standard input.", valueName: "id"))
  var ids: [Word]
  @Flag(exclusivity: .exclusive)
  var scope: CancelScope?
  @Option(help: ArgumentHelp("patient or clinic.", valueName: "who"))
  var by: String?
  @Option(help: ArgumentHelp("Why.", valueName: "text"))
  var reason: String?
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    let named = try session.ids(ids)
    let request = CancelFollowUps.Request(ids: named, scope: scope?.rawValue, by: by, reason: reason)
    return try session.changed(try session.act(CancelFollowUps.self, request), single: named.count == 1)
  }
}
