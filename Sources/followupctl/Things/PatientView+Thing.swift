internal import FollowUpControl

extension PatientView: Thing {
  var shortID: String { ref }

  var row: [Field] {
    [
      Field("Ref", ref), Field("Status", status, .state), Field("Born", born), Field("Language", language),
      Field("Reached by", contacts.map(\.channel).joined(separator: " ")), Field("Name", name, .name),
    ]
  }

  func details(on page: Page) -> String {
    let fields = [
      Field("Ref", ref), Field("Status", status, .state), Field("Born", born), Field("Language", language),
      Field("Zone", zone), Field("Hours", hours), Field("Call only", callOnly ? "yes" : nil),
      Field("Added", LocalTime.text(createdAt, zone: localZone)), Field("Name", name, .name),
      Field("Called", calledName, .name),
    ]
    let rows = contacts.map { contact in contact.row.filter { $0.label != "Patient" } }
    return page.labelled(fields) + page.section("Contacts", rows)
  }
}
