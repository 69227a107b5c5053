internal import FollowUpControl

extension TaskView: Thing {
  var shortID: String { id }

  var row: [Field] {
    [
      Field("Id", id), Field("State", state, .state), Field("Priority", priority, .state), Field("Reason", reason),
      Field("Due", LocalTime.text(due, zone: zone)), Field("Owner", owner), Field("Subject", subject),
      Field("Name", patient?.name, .name),
    ]
  }

  func details(on page: Page) -> String {
    let fields = [
      Field("Id", id), Field("State", state, .state), Field("Priority", priority, .state), Field("Reason", reason),
      Field("To do", advice), Field("Due", LocalTime.text(due, zone: zone)), Field("Owner", owner),
      Field("Subject", subject), Field("Follow-up", followUp), Field("Taken by", takenBy), Field("Outcome", outcome),
      Field("Patient", patient?.ref), Field("Born", patient?.born), Field("Language", patient?.language),
      Field("Phone", patient?.phone), Field("Name", patient?.name, .name), Field("Called", patient?.calledName, .name),
      Field("Note", note, .name),
    ]
    let tried = tried.map { entry in
      [
        Field("At", LocalTime.text(entry.at, zone: zone)), Field("What", entry.what), Field("By", entry.by),
        Field("Note", entry.note, .name),
      ]
    }
    return page.labelled(fields) + page.section("Tried", tried)
  }
}
