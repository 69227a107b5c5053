/// Changes what is given; an empty text clears.
package enum EditPatient: ControlMethod {
  package static let name = "org.followupd.EditPatient"
  package static let access = Access.staff

  package struct Request: ActingRequest, Equatable {
    package var who: String
    package var name: String?
    package var calledName: String?
    package var born: String?
    package var language: String?
    package var zone: String?
    package var hours: String?
    package var callOnly: Bool?
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?
    /// Change nothing, say what would happen.
    package var dryRun: Bool?
    /// The preview was seen and agreed to.
    package var confirmed: Bool?

    package init(
      who: String, name: String? = nil, calledName: String? = nil, born: String? = nil,
      language: String? = nil, zone: String? = nil, hours: String? = nil, callOnly: Bool? = nil
    ) {
      self.who = who
      self.name = name
      self.calledName = calledName
      self.born = born
      self.language = language
      self.zone = zone
      self.hours = hours
      self.callOnly = callOnly
    }
  }

  package typealias Reply = Changed<PatientView>
}
