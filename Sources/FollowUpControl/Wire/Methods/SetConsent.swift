/// Records consent, or its end, for a patient and channel (R16).
package enum SetConsent: ControlMethod {
  package static let name = "org.followupd.SetConsent"
  package static let access = Access.staff

  package struct Request: ActingRequest, Equatable {
    package var who: String
    package var channel: String
    /// `granted`, `stopped`.
    package var consent: String
    package var source: String?
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?
    /// Change nothing, say what would happen.
    package var dryRun: Bool?
    /// The preview was seen and agreed to.
    package var confirmed: Bool?

    package init(who: String, channel: String, consent: String, source: String? = nil) {
      self.who = who
      self.channel = channel
      self.consent = consent
      self.source = source
    }
  }

  package typealias Reply = ChangedList<ContactView>
}
