internal import ArgumentParser
internal import FollowUpControl

/// Patients, by name.
struct PatientListVerb: Verb {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists patients.")
  static let examples = [
    "followupctl patient list",
    "followupctl patient list silva --status active",
  ]

  @Argument(help: ArgumentHelp("Only those who answer to it.", valueName: "who"))
  var who: String?
  @Option(help: ArgumentHelp("active, inactive or deceased.", valueName: "status"))
  var status: String?
  @Option(help: ArgumentHelp("At most so many.", valueName: "n"))
  var limit: Int?
  @Option(help: ArgumentHelp("The page after that one.", valueName: "next"))
  var after: String?
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    let request = ListPatients.Request(who: who, status: status, limit: limit, after: after)
    return try session.list(
      try session.call(ListPatients.self, request),
      empty: "No patient. Add one with: followupctl patient add REF --name NAME --sms NUMBER")
  }
}
