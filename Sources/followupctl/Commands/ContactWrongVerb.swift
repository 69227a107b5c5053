internal import ArgumentParser
internal import FollowUpControl

/// Not this patient's address (R16).
struct ContactWrongVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "wrong", abstract: "Records that an address is not the patient's.")
  static let examples = [
    "followupctl contact wrong +16045550142",
    "followupctl contact wrong maria@example.org --dry-run",
  ]

  @Argument(help: ArgumentHelp("The address or number.", valueName: "address"))
  var address: String
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    let reply = try session.act(MarkAddressWrong.self, MarkAddressWrong.Request(address: address))
    return try session.changed(reply, single: true)
  }
}
