internal import ArgumentParser
internal import FollowUpControl

/// Every fault of the plans, at once.
struct PlanCheckVerb: Verb {
  static let configuration = CommandConfiguration(commandName: "check", abstract: "Checks plans without loading them.")
  static let examples = [
    "followupctl plan check",
    "followupctl plan check ./plans.d",
  ]

  @Argument(help: ArgumentHelp("The directory; without it, the one in use.", valueName: "dir"))
  var directory: String?
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    let request = CheckPlans.Request(directory: try directory.map(AbsolutePath.of))
    let reply = try session.call(CheckPlans.self, request)
    let code = try session.checked(reply, ok: reply.ok, checked: reply.checked, faults: reply.faults)
    if reply.ok, session.format == .text || session.format == .plain {
      session.counts(added: reply.added, moved: reply.moved, cancelled: reply.cancelled)
    }
    return code
  }
}
