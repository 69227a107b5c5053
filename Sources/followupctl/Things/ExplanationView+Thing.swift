internal import FollowUpControl

extension ExplanationView: Thing {
  var shortID: String { reminder.id }

  var row: [Field] {
    [
      Field("Id", reminder.id), Field("State", reminder.state, .state), Field("Decision", decision, .state),
      Field("Reason", reason), Field("Until", LocalTime.text(until, zone: zone)),
    ]
  }

  func details(on page: Page) -> String {
    let fields = [
      Field("Id", reminder.id), Field("State", reminder.state, .state),
      Field("Planned", LocalTime.text(reminder.plannedAt, zone: zone)),
      Field("Expires", LocalTime.text(reminder.expiresAt, zone: zone)),
      Field("Decision", decision, .state), Field("Reason", reason), Field("Until", LocalTime.text(until, zone: zone)),
      Field("Message", reminder.message),
      Field("Task", reminder.task),
    ]
    let checks = checks.map { check in
      [
        Field("N", "\(check.n)"), Field("Passed", check.passed ? "yes" : "no", .state), Field("Check", check.name),
        Field("Reason", check.reason), Field("Detail", check.detail, .name),
      ]
    }
    let history = history.map { entry in
      [
        Field("At", LocalTime.text(entry.at, zone: zone)), Field("What", entry.what), Field("Reason", entry.reason),
        Field("By", entry.by), Field("Detail", entry.detail, .name),
      ]
    }
    let said = page.format == .plain ? page.labelled([Field("Said", said)]) : SafeText.escaped(said) + "\n\n"
    return said + page.labelled(fields) + page.section("Checks", checks) + page.section("History", history)
  }
}
