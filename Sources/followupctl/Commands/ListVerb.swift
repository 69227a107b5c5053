internal import ArgumentParser
internal import FollowUpControl

/// Follow-ups.
struct ListVerb: Verb {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists follow-ups.")
  static let examples = [
    "followupctl list --patient maria",
    "followupctl list --from 2026-12-01 --to 2026-12-05 --status open",
  ]

  @Option(help: ArgumentHelp("Of one patient.", valueName: "who"))
  var patient: String?
  @Option(help: ArgumentHelp("open, confirmed, completed, missed, cancelled, active or ended.", valueName: "status"))
  var status: String?
  @Option(help: ArgumentHelp("Of one plan.", valueName: "plan"))
  var plan: String?
  @Option(help: ArgumentHelp("With one clinician.", valueName: "clinician"))
  var with: String?
  @Option(help: ArgumentHelp("From that day.", valueName: "day"))
  var from: String?
  @Option(help: ArgumentHelp("Up to that day, inclusive.", valueName: "day"))
  var to: String?
  @Option(help: ArgumentHelp("urgent, soon or routine.", valueName: "priority"))
  var priority: String?
  @Option(help: ArgumentHelp("At most so many.", valueName: "n"))
  var limit: Int?
  @Option(help: ArgumentHelp("The page after that one.", valueName: "next"))
  var after: String?
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    let request = ListFollowUps.Request(
      patient: patient, status: status, plan: plan, with: with, from: from, to: to, priority: priority, limit: limit,
      after: after)
    let reply = try session.call(ListFollowUps.self, request) { $0.patient = $1 }
    return try session.list(reply, empty: "No follow-up. Add one with: followupctl add WHO WHEN")
  }
}
