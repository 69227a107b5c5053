internal import ArgumentParser
internal import FollowUpControl

/// What a gateway says of a message that it took.
struct InboundReceiptVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "receipt", abstract: "Records a delivery receipt.",
    discussion: "A message that failed goes to the patient's next contact at once, or to a person.")
  static let examples = [
    "followupctl inbound receipt M-7 delivered --at 2026-12-01T17:04:11Z",
    "followupctl inbound receipt SM90c6fc909d8504d45ecdb3a3d5b3556e failed --code 30003",
  ]

  @Argument(
    help: ArgumentHelp("The message: M-7, its webhook-id, or the id that the gateway gave it.", valueName: "message"))
  var id: Word
  @Argument(
    help: ArgumentHelp("delivered or failed.", valueName: "delivered|failed"),
    completion: .list(["delivered", "failed"]))
  var outcome: String
  @Option(help: ArgumentHelp("The gateway's code: a short word, no patient's data.", valueName: "code"))
  var code: String?
  @Option(help: ArgumentHelp("When it happened, such as 2026-12-01T17:04:11Z; left out: now.", valueName: "when"))
  var at: String?
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    let request = RecordReceipt.Request(id: id.text, outcome: outcome, code: code, at: at)
    return try session.changed(try session.act(RecordReceipt.self, request))
  }
}
