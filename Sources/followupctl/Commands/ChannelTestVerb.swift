internal import ArgumentParser
internal import FollowUpControl

/// A test message, stage by stage.
struct ChannelTestVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "test", abstract: "Sends a test message to an address of yours, and says each stage; 1 if one failed.")
  static let examples = [
    "followupctl channel test email admin@example.org",
    "followupctl channel test sms \"604 555 0123\" --dry-run",
  ]

  @Argument(help: ArgumentHelp("The channel.", valueName: "channel"))
  var channel: String
  @Argument(help: ArgumentHelp("Where it goes: an address that is no patient's.", valueName: "address"))
  var address: Word
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    var request = TestChannel.Request(name: channel, address: address.text)
    if session.options.dryRun { request.dryRun = true }
    let reply = try session.call(TestChannel.self, request)
    switch session.format {
    case .json: try session.json(reply)
    case .ids: for stage in reply.stages { session.console.out(SafeText.escaped(stage.name) + "\n") }
    case .text, .plain:
      let rows = reply.stages.map { stage in
        [
          Field("Stage", stage.name), Field("Passed", stage.passed ? "yes" : "no", .state),
          Field("Time", "\(stage.milliseconds) ms"), Field("Code", stage.code),
        ]
      }
      session.console.out(session.page.table(rows))
      session.console.out((rows.isEmpty ? "" : "\n") + SafeText.escaped(reply.said) + "\n")
      if session.options.dryRun { session.console.out("Nothing was sent.\n") }
    }
    return reply.passed ? 0 : 1
  }
}
