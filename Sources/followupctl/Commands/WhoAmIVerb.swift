internal import ArgumentParser
internal import FollowUpControl

/// Whom the daemon takes the caller for.
struct WhoAmIVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "whoami", abstract: "Says who you are to the daemon, and what you may do.")
  static let examples = [
    "followupctl whoami",
    "followupctl --as ana whoami",
  ]

  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    let reply = try session.call(WhoAmI.self, WhoAmI.Request())
    switch session.format {
    case .json: try session.json(reply)
    case .ids: session.console.out(SafeText.escaped(reply.user ?? "\(reply.uid)") + "\n")
    case .text, .plain:
      let fields = [
        Field("User", reply.user), Field("Uid", "\(reply.uid)"), Field("Groups", reply.groups.joined(separator: " ")),
        Field("May", reply.access.joined(separator: " ")), Field("Staff", reply.staff.joined(separator: " ")),
        Field("Acting as", reply.actingAs),
      ]
      session.console.out(session.page.labelled(fields))
    }
    return 0
  }
}
