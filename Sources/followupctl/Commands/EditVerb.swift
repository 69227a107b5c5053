internal import ArgumentParser
internal import FollowUpControl

/// Changes what is given of a follow-up.
struct EditVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "edit", abstract: "Changes a follow-up, or how it repeats; an empty text clears.")
  static let examples = [
    "followupctl edit F-12 --priority urgent --owner user:ana",
    "followupctl edit F-20 --repeat \"FREQ=MONTHLY;BYDAY=-1FR\"",
  ]

  @Argument(help: ArgumentHelp("The follow-up: F-12, 12 or SOURCE:EXTERNALID.", valueName: "id"))
  var id: Word
  @Option(help: ArgumentHelp("urgent, soon or routine.", valueName: "priority"))
  var priority: String?
  @Option(help: ArgumentHelp("The plan; what is still ahead is planned anew.", valueName: "plan"))
  var plan: String?
  @Option(help: ArgumentHelp("The clinician.", valueName: "clinician"))
  var with: String?
  @Option(help: ArgumentHelp("role:NAME or user:NAME.", valueName: "owner"))
  var owner: String?
  @Option(help: ArgumentHelp("A note for staff.", valueName: "text"))
  var note: String?
  @Option(
    help: ArgumentHelp(
      "RFC 5545 RRULE, or none: no more dates after the present one. See help repeat.", valueName: "rrule"))
  var `repeat`: String?
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    let request = EditFollowUp.Request(
      id: id.text, priority: priority, plan: plan, with: with, owner: owner, note: note, repeat: `repeat`)
    guard request != EditFollowUp.Request(id: id.text) else {
      throw .usage(session.path, "nothing to change is named", "see followupctl help edit")
    }
    return try session.changed(try session.act(EditFollowUp.self, request) { $0.id = $1 })
  }
}
