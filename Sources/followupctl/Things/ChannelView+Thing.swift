internal import FollowUpControl

extension ChannelView: Thing {
  var shortID: String { name }

  var row: [Field] { row(in: zone) }

  /// The row with times in `zone`.
  func row(in zone: String?) -> [Field] {
    [
      Field("Name", name), Field("State", state, .state), Field("Adapter", adapter), Field("Waiting", "\(waiting)"),
      Field("Since", LocalTime.text(since, zone: zone)), Field("Next try", LocalTime.text(nextProbe, zone: zone)),
      Field("First expiry", LocalTime.text(firstExpiry, zone: zone)), Field("Why", why, .name),
    ]
  }

  func details(on page: Page) -> String {
    let rate = perMinute == 0 ? "no limit" : "\(perMinute) a minute"
    return page.labelled(row + [Field("Hold", hold), Field("Rate", rate), Field("Do", action)])
  }
}
