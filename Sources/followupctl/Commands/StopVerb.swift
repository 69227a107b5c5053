internal import ArgumentParser
internal import FollowUpControl

/// Stop means stop (R16).
struct StopVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "stop", abstract: "Sends nothing more to an address, whoever has it.")
  static let examples = [
    "followupctl stop +16045550142",
    "followupctl stop maria sms --yes",
  ]

  @Argument(help: ArgumentHelp("A patient, or an address.", valueName: "who|address"))
  var target: String
  @Argument(help: ArgumentHelp("Only that channel.", valueName: "channel"))
  var channel: String?
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    let reply = try session.act(Stop.self, Stop.Request(target: target, channel: channel)) { $0.target = $1 }
    return try session.changed(reply, single: false)
  }
}
