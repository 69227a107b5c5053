/// Adds a patient, with contacts that rank in their order.
package enum AddPatient: ControlMethod {
  package static let name = "org.followupd.AddPatient"
  package static let access = Access.staff

  package struct Request: ActingRequest, Equatable {
    package var ref: String
    package var name: String
    package var calledName: String?
    package var born: String?
    package var contacts: [ContactInput]?
    /// Of all contacts that have none of their own: a source, or `unknown`.
    package var consent: String?
    package var language: String?
    package var zone: String?
    package var hours: String?
    package var callOnly: Bool?
    /// Change the patient if the ref exists.
    package var upsert: Bool?
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?
    /// Change nothing, say what would happen.
    package var dryRun: Bool?
    /// The preview was seen and agreed to.
    package var confirmed: Bool?

    package init(
      ref: String, name: String, calledName: String? = nil, born: String? = nil,
      contacts: [ContactInput]? = nil, consent: String? = nil, language: String? = nil, zone: String? = nil,
      hours: String? = nil, callOnly: Bool? = nil, upsert: Bool? = nil
    ) {
      self.ref = ref
      self.name = name
      self.calledName = calledName
      self.born = born
      self.contacts = contacts
      self.consent = consent
      self.language = language
      self.zone = zone
      self.hours = hours
      self.callOnly = callOnly
      self.upsert = upsert
    }
  }

  package typealias Reply = Changed<PatientView>
}
