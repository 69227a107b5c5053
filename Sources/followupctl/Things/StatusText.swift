internal import FollowUpControl

/// The status as staff read it.
struct StatusText {
  let status: GetStatus.Reply
  let page: Page

  var whole: String {
    attention + summary + page.section("Channels", channels)
      + page.section("Holds", status.holds.map { $0.row(in: status.zone) })
  }

  /// What needs a person; empty if nothing does.
  var attention: String {
    guard !status.attention.isEmpty else { return "" }
    let rows = status.attention.map { item in
      [Field("What", item.what), Field("Why", item.why), Field("Do", item.action)]
    }
    let title = page.format == .plain ? "" : page.paint.heading("Needs a person") + "\n"
    let lines = rows.map { row in
      page.format == .plain
        ? page.labelled(row) : SafeText.escaped("- \(row[0].value): \(row[1].value): \(row[2].value)") + "\n"
    }
    return title + lines.joined() + "\n"
  }

  var summary: String {
    let reminders = status.reminders
    let pending = [
      ("planned", reminders.planned), ("deferred", reminders.deferred), ("held", reminders.held),
      ("claimed", reminders.claimed), ("waiting", reminders.waiting), ("uncertain", reminders.uncertain),
    ]
    let dates = [
      ("open", status.occurrences.open), ("confirmed", status.occurrences.confirmed),
      ("completed", status.occurrences.completed), ("missed", status.occurrences.missed),
      ("cancelled", status.occurrences.cancelled),
    ]
    let tasks = status.tasks
    return page.labelled([
      Field("Health", status.health, .state), Field("Mode", mode),
      Field("Sending", status.held ? "held" : "on", .state), Field("Patients", "\(status.patients)"),
      Field("Follow-ups", "\(status.followUps.active) active, \(status.followUps.ended) ended"),
      Field("Dates", counts(dates)), Field("Reminders", counts(pending)),
      Field("Today", "\(reminders.sentToday) sent, \(reminders.failedToday) failed"),
      Field("Oldest due", LocalTime.text(reminders.oldestDue, zone: status.zone)),
      Field("Next", LocalTime.text(status.nextWake, zone: status.zone)),
      Field(
        "Tasks",
        "\(tasks.open) open, \(tasks.urgent) urgent, \(tasks.overdue) overdue, \(tasks.unowned) without an owner"),
      Field("Clock", status.clock.believed ? "believed" : "not believed: nothing is sent"),
      Field("Zone", "\(status.zone), rules \(status.zoneData.version)"),
      Field("Backup", status.lastBackup.map { LocalTime.text($0, zone: status.zone) } ?? "none yet"),
      Field("Runs", "followupd \(status.version), since \(LocalTime.text(status.since, zone: status.zone))"),
      Field("Instance", status.instance),
    ])
  }

  /// One line for a monitor.
  var line: String {
    let first = status.attention.first.map { "\($0.what): \($0.why): \($0.action)" }
    let reminders = status.reminders
    return (first.map { $0 + "; " } ?? "") + "\(status.mode)\(status.held ? ", held" : ""), "
      + "\(reminders.sentToday) sent and \(reminders.failedToday) failed today, \(status.tasks.urgent) urgent tasks"
  }

  private var mode: String { status.mode == "trial" ? "trial (nothing reaches patients)" : status.mode }

  private var channels: [[Field]] { status.channels.map { $0.row(in: status.zone) } }

  private func counts(_ pairs: [(String, Int)]) -> String {
    let shown = pairs.filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }
    return shown.isEmpty ? "none" : shown.joined(separator: ", ")
  }
}
