/// A contact as `AddPatient` takes it.
package struct ContactInput: Codable, Equatable, Sendable {
  package var channel: String
  package var address: String
  package var person: String?
  package var rank: Int?
  package var consent: String?

  package init(channel: String, address: String, person: String? = nil, rank: Int? = nil, consent: String? = nil) {
    self.channel = channel
    self.address = address
    self.person = person
    self.rank = rank
    self.consent = consent
  }
}
