/// A way to reach a patient.
package struct ContactView: Codable, Equatable, Sendable {
  package var id: String
  /// The patient's ref.
  package var patient: String
  package var channel: String
  /// As typed.
  package var address: String
  /// Whose it is: `self`, or a description.
  package var person: String
  /// 1 is tried first.
  package var rank: Int
  /// `granted`, `unknown`, `stopped`.
  package var consent: String
  @Nullable package var consentSource: String?
  /// `ok`, `bounced`, `wrong`.
  package var state: String

  package init(
    id: String, patient: String, channel: String, address: String, person: String, rank: Int, consent: String,
    consentSource: String?, state: String
  ) {
    self.id = id
    self.patient = patient
    self.channel = channel
    self.address = address
    self.person = person
    self.rank = rank
    self.consent = consent
    self.consentSource = consentSource
    self.state = state
  }
}
