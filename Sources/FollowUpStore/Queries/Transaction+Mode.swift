package import FollowUpCore
internal import GRDB

extension Transaction {
  /// The mode that the database was last run in.
  package func mode() throws -> Mode {
    try String.fetchOne(db, sql: "SELECT mode FROM instance").flatMap(Mode.init(rawValue:)) ?? .trial
  }

  /// Takes over the mode of the configuration. On going live nothing past is sent (`delivery.md`, maildir): what is due
  /// already is superseded, and what trial left waiting is cancelled. Returns how many reminders that ended.
  package func setMode(_ mode: Mode, now: Instant) throws -> Int {
    guard try self.mode() != mode else { return 0 }
    try db.execute(sql: "UPDATE instance SET mode = ?", arguments: [mode.rawValue])
    guard mode == .live else { return 0 }
    try db.execute(
      sql: """
        UPDATE reminder SET state = 'superseded', reason = ?, wake_at = NULL, updated_at = ?
        WHERE planned_at <= ? AND state IN ('planned', 'deferred', 'held', 'waiting', 'uncertain')
        """, arguments: [Reason.trial.rawValue, now.seconds, now.seconds])
    let ended = db.changesCount
    try db.execute(
      sql: """
        UPDATE message SET state = CASE WHEN doubts > 0 THEN 'doubtful' ELSE 'cancelled' END, final_at = ?
        WHERE state IN ('waiting', 'uncertain') AND (mode = 'trial' OR NOT EXISTS (
          SELECT 1 FROM message_reminder JOIN reminder ON reminder.id = reminder_id
          WHERE message_reminder.message_id = message.id AND reminder.state IN ('planned', 'deferred', 'held', 'claimed', 'waiting', 'uncertain')))
        """, arguments: [now.seconds])
    return ended
  }
}
