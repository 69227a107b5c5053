import FollowUpSystem
import Testing

@Suite struct JournalFieldTests {
  @Test(
    "A value of its field's form is logged as it is",
    arguments: [
      (JournalField.followup, "F-12"), (.followup, "F-12@2026-12-01"), (.message, "M-7"), (.task, "T-1"),
      (.hold, "H-3"), (.change, "C-99"), (.channel, "email"), (.adapter, "smtp"), (.outcome, "rejected"),
      (.reason, "no-permitted-time"), (.reason, "5.1.1"), (.attempt, "3"), (.actorUID, "1000"), (.seconds, "-3600"),
      (.until, "2026-12-01T14:30:00-08:00"), (.version, "2026f"), (.version, "0.1.0-beta+3"),
      (.row, "occurrence[3].told_civil+zone"), (.key, "channels.email.password_credential"),
      (.path, "/var/lib/followupd/followupd.db"), (.hash, "09af"),
    ])
  func accepted(field: JournalField, value: String) {
    #expect(field.checked(value) == value)
  }

  @Test(
    "What has another form is taken for a patient's data and does not pass",
    arguments: [
      (JournalField.followup, "Ana Silva"), (.followup, "12"), (.followup, "F-"), (.followup, "M-12"),
      (.followup, "F-12@ana"), (.message, "ana@example.org"), (.message, "M-12 Ana"), (.task, "T-x"),
      (.channel, "Email to Ana"), (.row, "patient[3]: Ana"), (.reason, "550 no such user ana@example.org"),
      (.reason, "Ana"), (.reason, ""),
      (.attempt, "+16045550123x"), (.actorUID, "ana"), (.until, "tomorrow"), (.path, "relative"),
      (.path, "/tmp/a b"), (.path, "/tmp/a\nMESSAGE=x"), (.reason, "a\nPRIORITY=0"), (.hash, "xyz"),
      (.reason, String(repeating: "a", count: 97)), (.version, "Müller"),
    ])
  func redacted(field: JournalField, value: String) {
    #expect(field.checked(value) == "<redacted>")
  }

  @Test("The fields that interface.md names are there")
  func contract() {
    let named = [
      "FOLLOWUP_ID", "REMINDER_STATE", "MESSAGE_REF", "TASK_ID", "CHANNEL", "ADAPTER", "ATTEMPT", "OUTCOME", "REASON",
      "ACTOR_UID",
    ]
    for name in named { #expect(JournalField(rawValue: name) != nil, "\(name)") }
  }
}
