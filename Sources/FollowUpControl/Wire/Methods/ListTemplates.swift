/// The texts in use, by name and language.
package enum ListTemplates: ControlMethod {
  package static let name = "org.followupd.ListTemplates"
  package static let access = Access.staff

  package struct Request: StaffRequest, Equatable {
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?

    package init() {}
  }

  package typealias Reply = ItemList<TemplateView>
}
