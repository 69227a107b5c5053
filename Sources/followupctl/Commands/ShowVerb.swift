internal import ArgumentParser
internal import FollowUpControl

/// Whatever an id names.
struct ShowVerb: Verb {
  static let configuration = CommandConfiguration(commandName: "show", abstract: "Shows whatever an id names.")
  static let examples = [
    "followupctl show F-12",
    "followupctl show M-7 --json",
  ]

  @Argument(
    help: ArgumentHelp("Any id: F-12, F-12@2026-12-01, M-7, H-3, T-5, a ref, SOURCE:EXTERNALID.", valueName: "id"))
  var id: Word
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    let reply = try session.call(Show.self, Show.Request(id: id.text)) { $0.id = $1 }
    defer { if session.format == .text || session.format == .plain { session.notes(reply.warnings) } }
    if let thing = reply.followUp { return try session.show(thing) }
    if let thing = reply.patient { return try session.show(thing) }
    if let thing = reply.reminder { return try session.show(thing) }
    if let thing = reply.message { return try session.show(thing) }
    if let thing = reply.hold { return try session.show(thing) }
    if let thing = reply.task { return try session.show(thing) }
    if let thing = reply.contact { return try session.show(thing) }
    if let thing = reply.plan { return try session.show(thing) }
    throw CommandError(
      code: "internal", exitCode: 70, what: session.path, why: "a \(reply.kind) cannot be shown yet",
      hint: "use the followupctl of the daemon's version")
  }
}
