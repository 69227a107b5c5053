internal import ArgumentParser
internal import FollowUpControl

/// The texts in use, with their figures.
struct TemplateListVerb: Verb {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists the texts.")
  static let examples = [
    "followupctl template list",
    "followupctl template list --json",
  ]

  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    try session.list(
      try session.call(ListTemplates.self, ListTemplates.Request()),
      empty: "There is no text. Write one into templates, then: followupctl reload")
  }
}
