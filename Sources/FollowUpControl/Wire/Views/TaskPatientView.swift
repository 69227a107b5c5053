/// What a caller must know of a patient.
package struct TaskPatientView: Codable, Equatable, Sendable {
  package var ref: String
  package var name: String
  @Nullable package var calledName: String?
  @Nullable package var phone: String?
  @Nullable package var language: String?
  @Nullable package var born: String?

  package init(ref: String, name: String, calledName: String?, phone: String?, language: String?, born: String?) {
    self.ref = ref
    self.name = name
    self.calledName = calledName
    self.phone = phone
    self.language = language
    self.born = born
  }
}
