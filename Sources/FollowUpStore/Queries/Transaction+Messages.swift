package import FollowUpCore
internal import FollowUpDigest
internal import FoundationEssentials
internal import GRDB

extension Transaction {
  package func pendingMessage(_ id: Int64) throws -> PendingMessage? {
    try HotStatement(
      db, "SELECT \(PendingMessage.columns) FROM message WHERE id = ? AND final_at IS NULL"
    ).bind(id).first(PendingMessage.init(_:))
  }

  /// The stored text and bytes; nil once they were deleted (R22).
  package func body(of message: Int64) throws -> (subject: String, text: String, wire: [UInt8])? {
    try Row.fetchOne(
      db.cachedStatement(sql: "SELECT subject, text, wire FROM message_body WHERE message_id = ?"), arguments: [message]
    ).map { ($0["subject"], $0["text"], [UInt8]($0["wire"] as Data)) }
  }

  /// UUIDv5 of (instance, sorted keys of the reminders with their revisions, contact): the same whenever it is computed,
  /// and another for each message that such a set forms anew (`delivery.md`, Identity).
  package func identity(of reminders: [DueReminder], contact: Int64) throws -> MessageIdentity {
    let base = (reminders.map(\.name).sorted() + ["contact \(contact)"]).joined(separator: "\n")
    var generation = 0
    // What was in no message yet cannot have given one its identity.
    let isNew = reminders.contains { $0.messageID == nil }
    while true {
      let identity = MessageIdentity(
        namespace: namespace, name: generation == 0 ? base : base + "\nagain \(generation)")
      if isNew { return identity }
      let isTaken =
        try Bool.fetchOne(
          db.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM message WHERE identity = ?)"),
          arguments: [identity.text])
        ?? false
      if !isTaken { return identity }
      generation += 1
    }
  }

  /// Stores a new message that is claimed with its reminders for its first attempt.
  /// - Throws: `StoreError` if a reminder is not in the state that it was read in, or one that knows no claim.
  package func insertClaimed(
    _ message: NewMessage, for reminders: [DueReminder], sendBy: Instant, invocation: String, now: Instant
  ) throws -> Claim {
    let id = try insert(message, for: reminders, now: now)
    let attempt = try insertAttempt(1, of: id, sendBy: sendBy, invocation: invocation, now: now)
    var rows = ClaimedRows(message: PendingMessage(message, claimedAs: id, now: now), reminders: [])
    for var reminder in reminders {
      guard let next = reminder.state.next(.claim) else {
        throw StoreError.failed(why: "a reminder that is \(reminder.state.rawValue) cannot be claimed")
      }
      try hot(
        """
        UPDATE reminder SET state = ?, message_id = ?, reason = NULL, answers = NULL, wake_at = NULL, waits_for = NULL,
          updated_at = ?
        WHERE id = ? AND state = ?
        """
      ).bind(next.rawValue, id, now.seconds, reminder.id, reminder.state.rawValue).run()
      guard db.changesCount == 1 else { throw StoreError.failed(why: "a reminder changed while it was claimed") }
      (reminder.state, reminder.messageID, reminder.wakeAt) = (next, id, nil)
      rows.reminders.append(reminder)
    }
    return Claim(
      messageID: id, attemptID: attempt, n: 1, sendBy: sendBy, adapter: message.adapter, mode: message.mode,
      message: RenderedMessage(
        identity: message.identity, messageID: message.header, channel: message.channel, address: message.address,
        body: message.wire), rows: rows)
  }

  private func insertAttempt(
    _ n: Int, of message: Int64, sendBy: Instant, invocation: String, now: Instant
  ) throws -> Int64 {
    try hot(
      "INSERT INTO attempt (message_id, n, invocation, state, send_by, claimed_at) VALUES (?, ?, ?, 'claimed', ?, ?)"
    ).bind(message, n, invocation, sendBy.seconds, now.seconds).run()
    let attempt = db.lastInsertedRowID
    movesAttempts = true
    return attempt
  }

  private func insert(_ message: NewMessage, for reminders: [DueReminder], now: Instant) throws -> Int64 {
    try hot(
      """
      INSERT INTO message (identity, message_header, recipient, patient_id, contact_id, channel, adapter, address, mode,
        language, state, tries, first_try_at, created_at)
      VALUES (?, ?, 'patient', ?, ?, ?, ?, ?, ?, ?, 'claimed', 1, ?, ?)
      """
    ).bind(
      message.identity, MessageHeader.stored(message.header, identity: message.identity), message.patientID,
      message.contactID, message.channel, message.adapter, message.address, message.mode.rawValue, message.language,
      now.seconds, now.seconds
    ).run()
    let id = db.lastInsertedRowID
    try hot("INSERT INTO message_body (message_id, subject, text, wire) VALUES (?, ?, ?, ?)")
      .bind(id, message.subject, message.text, message.wire).run()
    for reminder in reminders {
      try hot("INSERT INTO message_reminder (message_id, reminder_id) VALUES (?, ?)")
        .bind(id, reminder.id).run()
    }
    return id
  }

  /// Claims a waiting or uncertain message and its reminders for one attempt of this run of the daemon.
  /// Nil if the message cannot be claimed, or its bytes are gone.
  package func claim(
    message id: Int64, reminders: [Int64], sendBy: Instant, invocation: String, now: Instant
  ) throws -> Claim? {
    guard let message = try pendingMessage(id), let next = message.state.next(.claim), let body = try body(of: id),
      let address = message.address
    else { return nil }
    let n =
      try Int.fetchOne(
        db.cachedStatement(sql: "SELECT coalesce(max(n), 0) + 1 FROM attempt WHERE message_id = ?"), arguments: [id])
      ?? 1
    let attempt = try insertAttempt(n, of: id, sendBy: sendBy, invocation: invocation, now: now)
    try db.cachedStatement(
      sql: """
        UPDATE message SET state = ?, tries = tries + 1, first_try_at = coalesce(first_try_at, ?) WHERE id = ?
        """
    ).execute(arguments: [next.rawValue, now.seconds, id])
    for reminder in reminders {
      try db.cachedStatement(sql: "UPDATE reminder SET message_id = ? WHERE id = ?").execute(arguments: [id, reminder])
      try move(reminder: reminder, .claim, reason: nil, now: now)
    }
    return Claim(
      messageID: id, attemptID: attempt, n: n, sendBy: sendBy, adapter: message.adapter, mode: message.mode,
      message: RenderedMessage(
        identity: message.identity, messageID: message.header, channel: message.channel, address: address,
        body: body.wire))
  }

  /// Ends an attempt as its outcome says; what only one that has not ended needs is let go. False if the fence does not
  /// match: somebody else decided already.
  package func finish(_ result: AttemptResult, invocation: String, now: Instant) throws -> Bool {
    guard let next = AttemptState.claimed.next(result.outcome) else { return false }
    try hot(
      """
      UPDATE attempt SET state = ?, code = ?, detail = ?, finished_at = ?, invocation = '', send_by = 0
      WHERE id = ? AND message_id = ? AND invocation = ? AND state = 'claimed'
      """
    ).bind(
      next.rawValue, result.outcome.code, result.outcome.fault?.detail, now.seconds,
      result.attemptID, result.messageID, invocation
    ).run()
    guard db.changesCount > 0 else { return false }
    movesAttempts = true
    return true
  }

  /// Moves a message by `event`; false if its state knows no such event. Final states get their instant.
  @discardableResult
  package func move(message id: Int64, _ event: MessageEvent, reason: Reason? = nil, now: Instant) throws -> Bool {
    guard
      let raw = try String.fetchOne(db.cachedStatement(sql: "SELECT state FROM message WHERE id = ?"), arguments: [id]),
      let state = MessageState(rawValue: raw)
    else { return false }
    return try move(message: id, from: state, event, reason: reason, now: now)
  }

  /// The same for a message whose state is known; false if it is another by now, too.
  /// - Parameter gatewayID: the gateway's own id, where it gave one.
  @discardableResult
  package func move(
    message id: Int64, from state: MessageState, _ event: MessageEvent, reason: Reason? = nil, gatewayID: String? = nil,
    now: Instant
  ) throws -> Bool {
    guard let next = state.next(event) else { return false }
    try hot(
      """
      UPDATE message SET state = ?, reason = ?, doubts = doubts + ?, final_at = ?, sent_at = coalesce(?, sent_at),
        gateway_id = coalesce(?, gateway_id), first_try_at = iif(?, NULL, first_try_at)
      WHERE id = ? AND state = ?
      """
    ).bind(
      next.rawValue, reason?.rawValue, event == .doubt || event == .doubtAgain ? 1 : 0,
      next.isFinal ? now.seconds : nil, next == .sent ? now.seconds : nil, gatewayID, next.isFinal ? 1 : 0, id,
      state.rawValue
    ).run()
    return db.changesCount == 1
  }

  /// What a patient was last told of an occurrence: live messages that were sent, or may have been (R20). Of an earlier
  /// `revision` than the present one the anchor is not known any more: that it is another is what counts.
  package func setTold(occurrence: Int64, revision: Int, now: Instant) throws {
    try hot(
      """
      UPDATE occurrence SET told_civil = iif(revision = ?, civil, NULL), told_zone = iif(revision = ?, zone, NULL),
        told_revision = ?, told_at = ?
      WHERE id = ?
      """
    ).bind(revision, revision, revision, now.seconds, occurrence).run()
  }

  /// Marks a contact as bounced: at once, or on the second day that it refused (`delivery.md`, Retry). True if it has
  /// become so by this.
  /// - Parameter day: the clinic's civil day.
  package func recordBounce(contact: Int64, isPermanent: Bool, day: String, now: Instant) throws -> Bool {
    try db.cachedStatement(
      sql: """
        UPDATE contact SET state = CASE WHEN ? OR (bounced_on IS NOT NULL AND bounced_on <> ?) THEN 'bounced' ELSE state END,
          bounced_on = ?, updated_at = ? WHERE id = ? AND state = 'ok'
        """
    ).execute(arguments: [isPermanent, day, day, now.seconds, contact])
    guard db.changesCount > 0 else { return false }
    return try String.fetchOne(
      db.cachedStatement(sql: "SELECT state FROM contact WHERE id = ?"), arguments: [contact]) == "bounced"
  }

  /// The attempts that were claimed by other runs of the daemon, with their messages: what an unclean stop left.
  package func strandedAttempts(invocation: String) throws -> [(attempt: Int64, message: Int64)] {
    try Row.fetchAll(
      db, sql: "SELECT id, message_id FROM attempt WHERE state = 'claimed' AND invocation <> ?", arguments: [invocation]
    ).map { ($0[0], $0[1]) }
  }

  /// The attempts that this run of the daemon has claimed and not finished, with their messages.
  package func claimedAttempts(invocation: String) throws -> [(attempt: Int64, message: Int64)] {
    try Row.fetchAll(
      db, sql: "SELECT id, message_id FROM attempt WHERE state = 'claimed' AND invocation = ?", arguments: [invocation]
    ).map { ($0[0], $0[1]) }
  }

  /// Puts a stranded claim that had not begun back to where it was (`delivery.md`, Doubt).
  package func releaseStranded(attempt: Int64, message: Int64, now: Instant) throws {
    try db.execute(
      sql: "UPDATE attempt SET state = 'withdrawn', finished_at = ? WHERE id = ? AND state = 'claimed'",
      arguments: [now.seconds, attempt])
    movesAttempts = true
    try release(message: message, wakeAt: now, now: now)
  }

  /// Lets a stranded claim be finished by this run.
  package func adopt(attempt: Int64, invocation: String) throws {
    try db.execute(sql: "UPDATE attempt SET invocation = ? WHERE id = ?", arguments: [invocation, attempt])
  }

  /// Deletes the bodies and addresses of messages final before `before`, and the servers' replies (R22).
  package func deleteBodies(finalBefore before: Instant, limit: Int) throws -> Int {
    var ids: [Int64] = []
    try eachBody { id, createdAt, finalAt in
      if let finalAt, finalAt < before { ids.append(id) }
      return ids.count < limit && createdAt < before
    }
    for id in ids {
      try db.cachedStatement(sql: "DELETE FROM message_body WHERE message_id = ?").execute(arguments: [id])
      try db.cachedStatement(sql: "UPDATE message SET address = NULL WHERE id = ?").execute(arguments: [id])
      try db.cachedStatement(sql: "UPDATE attempt SET detail = NULL WHERE message_id = ?").execute(arguments: [id])
    }
    return ids.count
  }

  /// Sees to it that bodies are deleted `seconds` after their message's final state (R22): one deadline for all.
  package func keepBodies(for seconds: Int64, now: Instant) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO deadline (kind, subject, due_at, wake_at) VALUES ('retention', 'clinic', ?, ?)
        ON CONFLICT (kind, subject) DO NOTHING
        """
    ).execute(arguments: [(now + seconds).seconds, (now + seconds).seconds])
  }

  package func owner(ofFollowUp id: Int64) throws -> String {
    try String.fetchOne(db.cachedStatement(sql: "SELECT owner FROM follow_up WHERE id = ?"), arguments: [id])
      ?? Owner.frontDesk.description
  }

  /// When the next body is to be deleted, were bodies kept for `seconds`: not before those of messages that are not final
  /// yet can be. Nil if there is no body.
  package func nextBodyDeletion(after seconds: Int64, now: Instant) throws -> Instant? {
    var isAny = false
    var first: Instant?
    try eachBody { _, createdAt, finalAt in
      isAny = true
      if let finalAt { first = min(first ?? finalAt, finalAt) }
      // What was made later ended later.
      return first.map { createdAt < $0 } ?? true
    }
    return isAny ? (first ?? now) + seconds : nil
  }

  /// The messages that still have a body, the oldest first, until `isMore` says that it has seen enough: those whose body
  /// went long ago cost nothing.
  private func eachBody(_ isMore: (_ id: Int64, _ createdAt: Instant, _ finalAt: Instant?) -> Bool) throws {
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT message_id, created_at, final_at FROM message_body CROSS JOIN message ON message.id = message_id
        ORDER BY message_id
        """)
    while let row = try rows.next(),
      isMore(row[0], Instant(row[1] as Int64), (row[2] as Int64?).map(Instant.init(_:)))
    {}
  }

  /// The newest instant that the database records as having happened (R6); nil for an empty one.
  package func newestRecorded() throws -> Instant? {
    try Int64.fetchOne(
      db,
      sql: """
        SELECT max(at) FROM (
          SELECT max(at) AS at FROM (SELECT at FROM audit ORDER BY seq DESC LIMIT 1)
          UNION ALL SELECT max(claimed_at) FROM (SELECT claimed_at FROM attempt ORDER BY id DESC LIMIT 1)
          UNION ALL SELECT max(finished_at) FROM (SELECT finished_at FROM attempt ORDER BY id DESC LIMIT 100)
          UNION ALL SELECT max(created_at) FROM (SELECT created_at FROM message ORDER BY id DESC LIMIT 1)
          UNION ALL SELECT max(created_at) FROM (SELECT created_at FROM task ORDER BY id DESC LIMIT 1))
        """
    ).map(Instant.init(_:))
  }
}
