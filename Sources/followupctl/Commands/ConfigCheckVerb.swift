internal import ArgumentParser
internal import FollowUpControl

/// Every fault of a configuration, at once.
struct ConfigCheckVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Checks a configuration without loading it.")
  static let examples = [
    "followupctl config check",
    "followupctl config check /etc/followupd.new",
  ]

  @Argument(help: ArgumentHelp("The directory; without it, the one in use.", valueName: "dir"))
  var directory: String?
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    let request = CheckConfiguration.Request(directory: try directory.map(AbsolutePath.of))
    let reply = try session.call(CheckConfiguration.self, request)
    return try session.checked(reply, ok: reply.ok, checked: reply.checked, faults: reply.faults)
  }
}
