internal import FollowUpControl

extension FollowUpView: Thing {
  var shortID: String { id }

  /// The status of the occurrence that the id means, or of the last one.
  private var occurrenceStatus: String {
    (occurrences.first { $0.due == due && $0.dueAt == dueAt } ?? occurrences.last)?.status ?? status
  }

  private var dueText: String { LocalTime.civil(due, zone: zone, instant: dueAt) }

  var row: [Field] {
    [
      Field("Id", id), Field("Due", dueText), Field("Status", occurrenceStatus, .state),
      Field("Priority", priority, .state), Field("Plan", plan), Field("With", with),
      Field("Repeats", repeatText ?? `repeat`), Field("Patient", patient), Field("Name", patientName, .name),
    ]
  }

  func details(on page: Page) -> String {
    let fields = [
      Field("Id", id), Field("Status", status, .state), Field("Due", dueText), Field("Plan", plan),
      Field("Priority", priority, .state), Field("Owner", owner), Field("With", with),
      Field("Repeats", repeatText ?? `repeat`),
      Field("From", source.map { "\($0):\(externalId ?? "")" }), Field("Patient", patient),
      Field("Name", patientName, .name), Field("Note", note, .name),
    ]
    return page.labelled(fields) + page.section("Dates", occurrences.map(\.row))
      + page.section("Reminders", reminders.map { $0.row(in: zone ?? occurrences.last?.zone) })
  }
}

extension OccurrenceView: Thing {
  var shortID: String { id }

  var row: [Field] {
    [
      Field("Id", id), Field("Due", LocalTime.civil(due, zone: zone, instant: dueAt)), Field("Status", status, .state),
      Field("Answer", answer), Field("Told", LocalTime.civil(told, zone: nil, instant: nil)),
    ]
  }

  func details(on page: Page) -> String { page.labelled(row) }
}
