internal import FollowUpControl

extension HoldView: Thing {
  var shortID: String { id }

  var row: [Field] { row(in: zone) }

  /// The row with times in `zone`.
  func row(in zone: String?) -> [Field] {
    [
      Field("Id", id), Field("Kind", kind), Field("Subject", subject),
      Field("Since", LocalTime.text(createdAt, zone: zone)),
      Field("Until", until.map { LocalTime.text($0, zone: zone) } ?? "it is released"), Field("Reason", reason, .name),
    ]
  }

  func details(on page: Page) -> String { page.labelled(row) }
}
