internal import FollowUpControl

extension HoldView: Thing {
  var shortID: String { id }

  var row: [Field] {
    [
      Field("Id", id), Field("Kind", kind), Field("Subject", subject), Field("Since", LocalTime.text(createdAt)),
      Field("Until", until.map { LocalTime.text($0) } ?? "released"), Field("Reason", reason, .name),
    ]
  }

  func details(on page: Page) -> String { page.labelled(row) }
}
