internal import ArgumentParser
internal import FollowUpControl

/// A contact works again.
struct ContactOkVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "ok", abstract: "Records that a bounced or wrong contact works again.")
  static let examples = [
    "followupctl contact ok maria maria@example.org",
    "followupctl contact ok P-7 +16045550142",
  ]

  @Argument(help: ArgumentHelp("Ref, part of the name, phone or e-mail.", valueName: "who"))
  var who: String
  @Argument(help: ArgumentHelp("The address or number.", valueName: "address"))
  var address: String
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    let request = MarkContactOk.Request(who: who, address: address)
    return try session.changed(try session.act(MarkContactOk.self, request) { $0.who = $1 })
  }
}
