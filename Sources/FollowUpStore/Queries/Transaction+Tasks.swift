package import FollowUpCore
internal import FoundationEssentials
internal import GRDB

/// Work to hand to a person (R18).
package struct NewTask: Sendable {
  /// `F-12@2026-12-01`, `P:17`, `C:email`, `clinic`
  package var subject: String
  package var reason: TaskReason
  package var patientID: Int64?
  package var occurrenceID: Int64?
  package var priority: Priority
  package var owner: String
  package var dueAt: Instant
  /// What was tried, as codes: never an address.
  package var tried: [String]

  package init(
    subject: String, reason: TaskReason, patientID: Int64? = nil, occurrenceID: Int64? = nil, priority: Priority,
    owner: String, dueAt: Instant, tried: [String] = []
  ) {
    self.subject = subject
    self.reason = reason
    self.patientID = patientID
    self.occurrenceID = occurrenceID
    self.priority = priority
    self.owner = owner
    self.dueAt = dueAt
    self.tried = tried
  }
}

extension Transaction {
  /// The one open task of (subject, reason): made if there is none; an open one becomes more pressing where the new one is,
  /// and learns what was tried.
  @discardableResult
  package func openTask(_ task: NewTask, now: Instant) throws -> Int64 {
    if let row = try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT id, priority, due_at, tried FROM task WHERE subject = ? AND reason = ? AND state IN ('open', 'taken')
          """), arguments: [task.subject, task.reason.rawValue])
    {
      let id: Int64 = row["id"]
      let known = list(row["tried"])
      try db.execute(
        sql: "UPDATE task SET priority = min(priority, ?), due_at = min(due_at, ?), tried = ? WHERE id = ?",
        arguments: [
          task.priority.rank, task.dueAt.seconds, text(known + task.tried.filter { !known.contains($0) }), id,
        ])
      return id
    }
    try db.cachedStatement(
      sql: """
        INSERT INTO task (subject, reason, patient_id, occurrence_id, priority, owner, due_at, tried, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      task.subject, task.reason.rawValue, task.patientID, task.occurrenceID, task.priority.rank, task.owner,
      task.dueAt.seconds, text(task.tried), now.seconds,
    ])
    return db.lastInsertedRowID
  }

  /// What became of a try, told to whoever has the open task of (subject, reason).
  package func noteTried(_ tried: [String], subject: String, _ reason: TaskReason) throws {
    let row = try Row.fetchOne(
      db.cachedStatement(
        sql: "SELECT id, tried FROM task WHERE subject = ? AND reason = ? AND state IN ('open', 'taken')"),
      arguments: [subject, reason.rawValue])
    guard let row else { return }
    let known = list(row[1])
    try db.cachedStatement(sql: "UPDATE task SET tried = ? WHERE id = ?").execute(arguments: [
      text(known + tried.filter { !known.contains($0) }), row[0] as Int64,
    ])
  }

  /// Whether a person has a subject's task of a reason, or may take it.
  package func hasTask(subject: String, _ reason: TaskReason) throws -> Bool {
    try Bool.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT EXISTS (SELECT 1 FROM task WHERE subject = ? AND reason = ? AND state IN ('open', 'taken'))
          """), arguments: [subject, reason.rawValue]) ?? false
  }

  /// Closes an occurrence's open tasks whose reason is gone; a taken one is flagged, for somebody is at work on it (R14).
  package func closeTasks(of occurrence: Int64, _ reasons: [TaskReason], now: Instant) throws {
    for reason in reasons {
      try db.cachedStatement(
        sql: """
          UPDATE task SET state = 'closed', closed_at = ?, closed_by = 'followupd'
          WHERE occurrence_id = ? AND reason = ? AND state = 'open'
          """
      ).execute(arguments: [now.seconds, occurrence, reason.rawValue])
      try db.cachedStatement(
        sql: "UPDATE task SET flagged = 1 WHERE occurrence_id = ? AND reason = ? AND state = 'taken'"
      ).execute(arguments: [occurrence, reason.rawValue])
    }
  }

  /// Closes a patient's open tasks whose reason is gone, whatever they are about; a taken one is flagged (R14).
  package func closeTasks(ofPatient id: Int64, _ reasons: [TaskReason], now: Instant) throws {
    for reason in reasons {
      try db.cachedStatement(
        sql: """
          UPDATE task SET state = 'closed', closed_at = ?, closed_by = 'followupd'
          WHERE patient_id = ? AND reason = ? AND state IN ('open', 'taken') AND state = 'open'
          """
      ).execute(arguments: [now.seconds, id, reason.rawValue])
      try db.cachedStatement(
        sql: """
          UPDATE task SET flagged = 1
          WHERE patient_id = ? AND reason = ? AND state IN ('open', 'taken') AND state = 'taken'
          """
      ).execute(arguments: [id, reason.rawValue])
    }
  }

  /// The most pressing open or taken task of a patient for a reason.
  package func openTask(ofPatient id: Int64, _ reason: TaskReason) throws -> Int64? {
    try Int64.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT id FROM task WHERE patient_id = ? AND reason = ? AND state IN ('open', 'taken')
          ORDER BY priority, due_at, id LIMIT 1
          """), arguments: [id, reason.rawValue])
  }

  private func list(_ text: String) -> [String] {
    (try? JSONDecoder().decode([String].self, from: Data(text.utf8))) ?? []
  }

  private func text(_ list: [String]) -> String {
    (try? JSONEncoder().encode(list)).map { String(decoding: $0, as: UTF8.self) } ?? "[]"
  }
}
