@testable import FollowUpControl

/// Things of a small clinic, as a daemon would answer.
enum Samples {
  static let patient = PatientView(
    ref: "P-1", name: "Maria Silva", calledName: "Maria", born: "1980-02-03", language: "pt", zone: nil, hours: nil,
    callOnly: false, status: "active", contacts: [contact], createdAt: "2026-11-01T17:00:00Z",
    updatedAt: "2026-11-01T17:00:00Z", version: 1)

  static let contact = ContactView(
    id: "4", patient: "P-1", channel: "sms", address: "604 555 0142", person: "self", rank: 1, consent: "granted",
    consentSource: "staff", state: "ok")

  static let reminder = ReminderView(
    id: "F-12@2026-12-01/1/step/day-before", followUp: "F-12", occurrence: "F-12@2026-12-01", revision: 1, kind: "step",
    step: "day-before", plannedAt: "2026-11-30T17:00:00Z", wakeAt: "2026-11-30T17:00:00Z",
    expiresAt: "2026-12-01T21:30:00Z", state: "planned", reason: nil, message: nil, task: nil)

  static let followUp = FollowUpView(
    id: "F-12", patient: "P-1", patientName: "Maria Silva", plan: "post-op", priority: "soon", owner: "role:nurse",
    with: "dr-lee", note: "Dressing", repeat: nil, source: nil, externalId: nil, status: "active",
    due: "2026-12-01T14:30", zone: "America/Phoenix", dueAt: "2026-12-01T21:30:00Z",
    occurrences: [
      OccurrenceView(
        id: "F-12@2026-12-01", key: "2026-12-01", due: "2026-12-01T14:30", zone: "America/Phoenix",
        dueAt: "2026-12-01T21:30:00Z", revision: 1, status: "open", answer: "none", told: nil)
    ], reminders: [reminder], createdAt: "2026-11-23T18:00:00Z", updatedAt: "2026-11-23T18:00:00Z", version: 1)

  static let added = Changed(
    followUp, changed: true, said: "Maria Silva: Tue 1 Dec 2026 14:30 MST, in 8 days.", undo: "followupctl undo C-3")

  static let preview = Preview(
    lines: ["F-12 Tue 1 Dec 2026 14:30 is cancelled", "F-15 Tue 8 Dec 2026 14:30 is cancelled"], count: 2,
    question: "Cancel 2 follow-ups?")

  static let message = MessageView(
    id: "M-7", patient: "P-1", channel: "sms", adapter: "webhook", mode: "live", state: "waiting",
    reminders: [reminder.id], messageId: nil, gatewayId: nil, language: "pt", createdAt: "2026-11-30T17:00:00Z",
    sentAt: nil, deliveredAt: nil,
    attempts: [AttemptView(n: 1, at: "2026-11-30T17:00:01Z", outcome: "retry", code: "503", detail: "busy")],
    subject: nil, body: nil)

  static let hold = HoldView(
    id: "H-3", kind: "patient", subject: "P-1", until: nil, reason: "in hospital", createdAt: "2026-11-23T18:00:00Z")

  static func status(health: String = "ok", attention: [AttentionView] = []) -> GetStatus.Reply {
    GetStatus.Reply(
      version: "0.1.0", schema: 1, instance: nil, mode: "trial", health: health, held: false,
      since: "2026-11-23T15:00:00Z", zone: "America/Phoenix",
      zoneData: ZoneDataView(source: "/usr/share/zoneinfo", version: "2026f"), clock: ClockStateView(believed: true),
      patients: 2, followUps: FollowUpCountsView(active: 3, ended: 1),
      occurrences: OccurrenceCountsView(open: 2, confirmed: 1, completed: 1, missed: 0, cancelled: 0),
      reminders: ReminderCountsView(
        planned: 5, deferred: 0, held: 0, claimed: 0, waiting: 1, uncertain: 0, sentToday: 4, failedToday: 0,
        oldestDue: nil),
      nextWake: "2026-11-30T17:00:00Z", tasks: TaskCountsView(open: 1, urgent: 0, overdue: 0, unowned: 0),
      holds: [hold],
      channels: [
        ChannelView(
          name: "sms", adapter: "webhook", state: "retrying", why: "503 busy", since: "2026-11-30T17:00:01Z",
          waiting: 1, nextProbe: "2026-11-30T17:01:01Z", firstExpiry: nil)
      ], attention: attention, lastBackup: nil)
  }
}
