internal import ArgumentParser
internal import FollowUpControl

/// Promises a patient a follow-up.
struct AddVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Adds a follow-up and plans its reminders.")
  static let examples = [
    "followupctl add maria 2026-12-01 14:30 --plan post-op",
    "followupctl add P-1024 +2w --priority soon --with dr-lee --note \"Bring the old report\"",
  ]

  @Argument(help: ArgumentHelp("Ref, part of the name, phone or e-mail.", valueName: "who"))
  var who: String
  @Argument(help: ArgumentHelp("The day and time, as several words.", valueName: "when"))
  var when: [Word] = []
  @Option(help: ArgumentHelp("The day and time as one text, for scripts.", valueName: "when"))
  var due: Word?
  @Option(help: ArgumentHelp("The plan; without it, the default plan.", valueName: "plan"))
  var plan: String?
  @Option(help: ArgumentHelp("urgent, soon or routine.", valueName: "priority"))
  var priority: String?
  @Option(help: ArgumentHelp("The clinician.", valueName: "clinician"))
  var with: String?
  @Option(help: ArgumentHelp("role:NAME or user:NAME.", valueName: "owner"))
  var owner: String?
  @Option(help: ArgumentHelp("A note for staff.", valueName: "text"))
  var note: String?
  @Option(help: ArgumentHelp("RFC 5545 RRULE; see help repeat.", valueName: "rrule"))
  var `repeat`: String?
  @Option(help: ArgumentHelp("The zone of WHEN; without it, the clinic's.", valueName: "zone"))
  var zone: String?
  @Option(help: ArgumentHelp("The program that it comes from.", valueName: "name"))
  var source: String?
  @Option(name: .customLong("external-id"), help: ArgumentHelp("Its id there.", valueName: "id"))
  var externalId: String?
  @Flag(help: "Change the follow-up of that source and id if there is one.")
  var upsert = false
  @Flag(help: "Even if an equal one is open.")
  var another = false
  @Flag(name: .customLong("allow-past"), help: "Even if it is past.")
  var allowPast = false
  @Flag(name: .customLong("any-hour"), help: "Even outside the clinic's hours.")
  var anyHour = false
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    guard due == nil || when.isEmpty else {
      throw .usage(session.path, "WHEN is given twice", "use either --due or the words after WHO")
    }
    guard let text = due?.text ?? (when.isEmpty ? nil : when.joined) else {
      throw .usage(session.path, "WHEN is missing", "add a day and time, such as: tue 2:30pm")
    }
    let request = AddFollowUp.Request(
      who: who, when: text, plan: plan, priority: priority, with: with, owner: owner, note: note, repeat: `repeat`,
      zone: zone, source: source, externalId: externalId, upsert: upsert ? true : nil, another: another ? true : nil,
      allowPast: allowPast ? true : nil, anyHour: anyHour ? true : nil)
    return try session.changed(try session.act(AddFollowUp.self, request) { $0.who = $1 })
  }
}
