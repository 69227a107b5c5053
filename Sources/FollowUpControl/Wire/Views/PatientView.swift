/// A patient with the contacts, first rank first.
package struct PatientView: Codable, Equatable, Sendable {
  package var ref: String
  package var name: String
  @Nullable package var calledName: String?
  /// A civil date.
  @Nullable package var born: String?
  /// BCP 47; null: the clinic's.
  @Nullable package var language: String?
  /// IANA; null: the clinic's.
  @Nullable package var zone: String?
  /// Own contact hours; null: the clinic's.
  @Nullable package var hours: String?
  package var callOnly: Bool
  /// `active`, `inactive`, `deceased`.
  package var status: String
  package var contacts: [ContactView]
  /// RFC 3339, as all instants.
  package var createdAt: String
  package var updatedAt: String
  /// Raised by each change.
  package var version: Int
  /// `zone`, or the clinic's, for people to read the times in.
  @Nullable package var localZone: String?

  package init(
    ref: String, name: String, calledName: String?, born: String?, language: String?, zone: String?,
    hours: String?, callOnly: Bool, status: String, contacts: [ContactView], createdAt: String,
    updatedAt: String, version: Int, localZone: String? = nil
  ) {
    self.ref = ref
    self.name = name
    self.calledName = calledName
    self.born = born
    self.language = language
    self.zone = zone
    self.hours = hours
    self.callOnly = callOnly
    self.status = status
    self.contacts = contacts
    self.createdAt = createdAt
    self.updatedAt = updatedAt
    self.version = version
    self.localZone = localZone
  }
}
