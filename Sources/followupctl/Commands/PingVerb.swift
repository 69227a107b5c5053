internal import ArgumentParser
internal import FollowUpControl

/// Is the daemon there? The cheapest question.
struct PingVerb: Verb {
  static let configuration = CommandConfiguration(commandName: "ping", abstract: "Asks whether the daemon runs.")
  static let examples = [
    "followupctl ping",
    "followupctl --instance trial ping",
  ]

  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    let reply = try session.call(Ping.self, Ping.Request())
    switch session.format {
    case .json: try session.json(reply)
    case .ids: break
    case .plain: session.console.out(session.page.labelled([Field("Version", reply.version)]))
    case .text: session.console.out("followupd \(SafeText.escaped(reply.version)) is running\n")
    }
    return 0
  }
}
