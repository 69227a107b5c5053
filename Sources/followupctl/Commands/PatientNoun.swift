internal import ArgumentParser

/// The patients.
struct PatientNoun: Noun {
  static let configuration = CommandConfiguration(
    commandName: "patient", abstract: "The patients.",
    subcommands: [
      PatientListVerb.self, PatientAddVerb.self, PatientShowVerb.self, PatientEditVerb.self,
      PatientInactiveVerb.self, PatientActiveVerb.self, PatientDeceasedVerb.self,
    ], defaultSubcommand: PatientListVerb.self)
  static let examples = [
    "followupctl patient add P-1024 --name \"Maria Silva\" --sms +16045550142",
    "followupctl patient show maria",
  ]
}
