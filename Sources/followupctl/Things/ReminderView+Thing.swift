internal import FollowUpControl

extension ReminderView: Thing {
  var shortID: String { id }
  var row: [Field] { row(in: zone) }

  /// The row with times in `zone`.
  func row(in zone: String?) -> [Field] {
    [
      Field("Id", id), Field("Planned", LocalTime.text(plannedAt, zone: zone)), Field("State", state, .state),
      Field("Reason", reason), Field("Message", message), Field("Task", task),
    ]
  }

  func details(on page: Page) -> String {
    page.labelled([
      Field("Id", id), Field("Follow-up", followUp), Field("Date", occurrence), Field("Revision", "\(revision)"),
      Field("Kind", kind), Field("Step", step), Field("Planned", LocalTime.text(plannedAt, zone: zone)),
      Field("Looked at", LocalTime.text(wakeAt, zone: zone)), Field("Expires", LocalTime.text(expiresAt, zone: zone)),
      Field("State", state, .state), Field("Reason", reason), Field("Message", message), Field("Task", task),
    ])
  }
}
