internal import ArgumentParser
internal import FollowUpControl

/// Consent, or its end (R16).
struct ContactConsentVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "consent", abstract: "Records consent, or its end, for a channel.")
  static let examples = [
    "followupctl contact consent maria sms granted --source \"form 2026-11-02\"",
    "followupctl contact consent P-7 email stopped --source phone",
  ]

  @Argument(help: ArgumentHelp("Ref, part of the name, phone or e-mail.", valueName: "who"))
  var who: String
  @Argument(help: ArgumentHelp("email, sms, phone, or another channel.", valueName: "channel"))
  var channel: String
  @Argument(help: ArgumentHelp("granted or stopped.", valueName: "granted|stopped"))
  var consent: String
  @Option(help: ArgumentHelp("How the clinic knows.", valueName: "source"))
  var source: String
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func run(in session: Session) throws(CommandError) -> Int32 {
    let request = SetConsent.Request(who: who, channel: channel, consent: consent, source: source)
    return try session.changed(try session.act(SetConsent.self, request) { $0.who = $1 }, single: true)
  }
}
