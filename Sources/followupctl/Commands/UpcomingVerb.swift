internal import ArgumentParser
internal import FollowUpControl

/// What is sent next.
struct UpcomingVerb: Verb {
  static let configuration = CommandConfiguration(commandName: "upcoming", abstract: "Lists what is sent next.")
  static let examples = [
    "followupctl upcoming",
    "followupctl upcoming --days 7 --patient maria",
  ]

  @Option(help: ArgumentHelp("Of the next N days.", valueName: "n"))
  var days: Int?
  @Option(help: ArgumentHelp("Of one patient.", valueName: "who"))
  var patient: String?
  @Option(help: ArgumentHelp("At most so many.", valueName: "n"))
  var limit: Int?
  @Option(help: ArgumentHelp("The page after that one.", valueName: "next"))
  var after: String?
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    let request = ListUpcoming.Request(days: days, patient: patient, limit: limit, after: after)
    let reply = try session.call(ListUpcoming.self, request) { $0.patient = $1 }
    return try session.list(reply, empty: "Nothing is planned. Promise a follow-up with: followupctl add WHO WHEN")
  }
}
