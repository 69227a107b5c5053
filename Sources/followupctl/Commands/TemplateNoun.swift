internal import ArgumentParser

/// The texts.
struct TemplateNoun: Noun {
  static let configuration = CommandConfiguration(
    commandName: "template", abstract: "The texts that patients are written to in.",
    subcommands: [
      TemplateListVerb.self, TemplateCheckVerb.self, TemplatePreviewVerb.self,
    ], defaultSubcommand: TemplateListVerb.self)
  static let examples = [
    "followupctl template preview visit --language fr",
    "followupctl template check",
  ]
}
