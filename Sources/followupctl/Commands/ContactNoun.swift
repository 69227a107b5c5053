internal import ArgumentParser

/// The contacts of a patient.
struct ContactNoun: Noun {
  static let configuration = CommandConfiguration(
    commandName: "contact", abstract: "How patients are reached.",
    subcommands: [
      ContactListVerb.self, ContactAddVerb.self, ContactEditVerb.self, ContactRemoveVerb.self,
      ContactConsentVerb.self, ContactWrongVerb.self, ContactOkVerb.self,
    ], defaultSubcommand: ContactListVerb.self)
  static let examples = [
    "followupctl contact list maria",
    "followupctl contact add maria email maria@example.org --consent portal",
  ]
}
