/// Holds texts to what a message to a patient must be, without loading them.
package enum CheckTemplates: ControlMethod {
  package static let name = "org.followupd.CheckTemplates"
  package static let access = Access.staff

  package struct Request: StaffRequest, Equatable {
    /// Absolute; null: those in use.
    package var directory: String?
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?

    package init(directory: String? = nil) {
      self.directory = directory
    }
  }

  package struct Reply: Codable, Equatable, Sendable {
    package var ok: Bool
    /// Files read.
    package var checked: Int
    package var faults: [Fault]
    /// What was read, with its figures.
    package var items: [TemplateView]

    package init(ok: Bool, checked: Int, faults: [Fault], items: [TemplateView]) {
      self.ok = ok
      self.checked = checked
      self.faults = faults
      self.items = items
    }
  }
}
