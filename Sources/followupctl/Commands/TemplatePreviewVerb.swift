internal import ArgumentParser
internal import FollowUpControl

/// A text as patients would read it.
struct TemplatePreviewVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "preview", abstract: "Shows a text filled with long sample values.")
  static let examples = [
    "followupctl template preview visit --language fr",
    "followupctl template preview moved",
  ]

  @Argument(help: ArgumentHelp("The name of the text.", valueName: "name"))
  var name: String
  @Option(help: ArgumentHelp("Its language; without it, the clinic's.", valueName: "tag"))
  var language: String?
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    let reply = try session.call(PreviewTemplate.self, PreviewTemplate.Request(name: name, language: language))
    switch session.format {
    case .json: try session.json(reply)
    case .ids: for item in reply.items { session.console.out(SafeText.escaped(item.file) + "\n") }
    case .text, .plain:
      session.console.out(reply.items.map { $0.text(on: session.page) }.joined(separator: "\n"))
    }
    return 0
  }
}
