internal import FollowUpControl

extension UpcomingView: Thing {
  var shortID: String { id }

  var row: [Field] {
    [
      Field("Id", id), Field("When", LocalTime.text(wakeAt ?? plannedAt, zone: zone)),
      Field("Decision", decision, .state), Field("Reason", reason),
      Field("For", LocalTime.civil(due, zone: zone, instant: dueAt)), Field("Priority", priority, .state),
      Field("Patient", patient), Field("Name", patientName, .name),
    ]
  }

  func details(on page: Page) -> String { page.labelled(row) }
}
