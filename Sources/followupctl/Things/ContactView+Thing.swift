internal import FollowUpControl

extension ContactView: Thing {
  var shortID: String { id }

  var row: [Field] {
    [
      Field("Id", id), Field("Patient", patient), Field("Rank", "\(rank)"), Field("Channel", channel),
      Field("Consent", consent, .state), Field("State", state, .state), Field("Source", consentSource),
      Field("Address", address), Field("Person", person, .name),
    ]
  }

  func details(on page: Page) -> String { page.labelled(row) }
}
