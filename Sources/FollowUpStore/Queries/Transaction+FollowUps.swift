package import FollowUpCore
internal import GRDB

extension Transaction {
  package func followUp(id: Int64) throws -> FollowUp? {
    try Row.fetchOne(db.cachedStatement(sql: "SELECT * FROM follow_up WHERE id = ?"), arguments: [id])
      .map { try record($0) }
  }

  /// By the name that another program gave it.
  package func followUp(source: String, externalID: String) throws -> FollowUp? {
    try Row.fetchOne(
      db.cachedStatement(sql: "SELECT * FROM follow_up WHERE source = ? AND external_id = ?"),
      arguments: [source, externalID]
    ).map { try record($0) }
  }

  /// A patient's, in the order in which they were added.
  package func followUps(patient id: Int64, status: FollowUpStatus? = nil) throws -> [FollowUp] {
    let found: [FollowUp] = try records(
      Row.fetchAll(
        db.cachedStatement(sql: "SELECT * FROM follow_up WHERE patient_id = ? ORDER BY id"), arguments: [id]))
    return found.filter { status == nil || $0.status == status }
  }

  /// An open one of the same patient, plan and anchor.
  package func equalFollowUp(patient id: Int64, plan: String, anchorAt: Instant) throws -> FollowUp? {
    try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT f.* FROM follow_up f JOIN occurrence o ON o.follow_up_id = f.id
          WHERE f.patient_id = ? AND f.plan = ? AND f.status = 'active' AND o.anchor_at = ?
            AND o.status IN ('open', 'confirmed')
          ORDER BY f.id LIMIT 1
          """), arguments: [id, plan, anchorAt.seconds]
    ).map { try record($0) }
  }

  /// Returns the new follow-up's number.
  package func insert(_ followUp: FollowUp) throws -> Int64 {
    try db.cachedStatement(
      sql: """
        INSERT INTO follow_up (patient_id, plan, priority, owner, clinician, note, civil, zone, rule, last_date, next_date,
          source, external_id, status, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      followUp.patientID, followUp.plan, followUp.priority.rawValue, followUp.owner.description, followUp.clinician,
      followUp.note, followUp.anchor.description, followUp.zone, followUp.rule, followUp.lastDate?.description,
      followUp.nextDate?.description, followUp.source, followUp.externalID, followUp.status.rawValue,
      followUp.createdAt.seconds,
      followUp.updatedAt.seconds,
    ])
    return db.lastInsertedRowID
  }

  /// Writes what was edited and raises the version. What could not be read stays as it is stored.
  package func update(_ followUp: FollowUp, now: Instant) throws {
    try db.cachedStatement(
      sql: """
        UPDATE follow_up SET plan = ?, priority = ?, owner = ?, clinician = ?, note = ?, civil = ?, zone = ?, rule = ?,
          last_date = ?, next_date = ?, status = ?, updated_at = ?, version = version + 1
        WHERE id = ?
        """
    ).execute(arguments: [
      followUp.plan, followUp.priority.rawValue, followUp.ownerText, followUp.clinician, followUp.note,
      followUp.stored("civil", followUp.anchor.description), followUp.zone, followUp.rule,
      followUp.storedOrNil("last_date", followUp.lastDate?.description),
      followUp.storedOrNil("next_date", followUp.nextDate?.description), followUp.status.rawValue, now.seconds,
      followUp.id,
    ])
  }

  /// Notes a change of what belongs to a follow-up: its version rises. It ends when no rule yields more and all of its
  /// occurrences are over, and is active again when one is not. A series that is short of an open date is looked at by the
  /// next pass (R5: the next one always).
  package func touch(followUp id: Int64, now: Instant) throws {
    try db.cachedStatement(
      sql: """
        UPDATE follow_up SET updated_at = ?, version = version + 1,
          status = CASE WHEN next_date IS NULL AND NOT EXISTS (
            SELECT 1 FROM occurrence o WHERE o.follow_up_id = follow_up.id AND o.status IN ('open', 'confirmed'))
            THEN 'ended' ELSE 'active' END
        WHERE id = ?
        """
    ).execute(arguments: [now.seconds, id])
    try db.cachedStatement(
      sql: """
        UPDATE deadline SET wake_at = min(wake_at, ?) WHERE kind = 'horizon' AND subject = ? AND (
          SELECT count(*) FROM occurrence WHERE follow_up_id = ? AND status IN ('open', 'confirmed')) < 2
        """
    ).execute(arguments: [now.seconds, SubjectID.followUp(id), id])
  }

  /// What a list of follow-ups is narrowed by.
  package struct FollowUpFilter: Sendable {
    package var patientID: Int64?
    package var status: FollowUpStatus?
    /// The status of the occurrence that the follow-up's id means.
    package var occurrenceStatus: OccurrenceStatus?
    package var plan: String?
    package var clinician: String?
    package var priority: Priority?
    /// The anchor, from here on.
    package var from: Instant?
    /// The anchor, before this.
    package var before: Instant?

    package init() {}
  }

  /// A page by when they are due: a follow-up stands where the occurrence stands that its id means.
  package func listFollowUps(
    _ filter: FollowUpFilter, limit: Int, after: String?
  ) throws -> Page<FollowUp> {
    var conditions = [
      """
      o.id = coalesce(
        (SELECT c.id FROM occurrence c WHERE c.follow_up_id = o.follow_up_id AND c.status IN ('open', 'confirmed')
          ORDER BY c.anchor_at, c.key LIMIT 1),
        (SELECT c.id FROM occurrence c WHERE c.follow_up_id = o.follow_up_id ORDER BY c.anchor_at DESC, c.key DESC LIMIT 1))
      """
    ]
    var arguments: [String: (any DatabaseValueConvertible)?] = [:]
    func add(_ condition: String, _ name: String, _ value: (any DatabaseValueConvertible)?) {
      guard let value else { return }
      conditions.append(condition)
      arguments[name] = value
    }
    add("f.patient_id = :patient", "patient", filter.patientID)
    add("f.status = :status", "status", filter.status?.rawValue)
    add("o.status = :occurrence", "occurrence", filter.occurrenceStatus?.rawValue)
    add("f.plan = :plan", "plan", filter.plan)
    add("f.clinician = :clinician", "clinician", filter.clinician)
    add("f.priority = :priority", "priority", filter.priority?.rawValue)
    add("o.anchor_at >= :from", "from", filter.from?.seconds)
    add("o.anchor_at < :before", "before", filter.before?.seconds)
    let source = "FROM occurrence o JOIN follow_up f ON f.id = o.follow_up_id WHERE "
    // Each follow-up has an occurrence that its id means, so where none of it is asked about, follow-ups alone are counted.
    let isOfFollowUps = filter.occurrenceStatus == nil && filter.from == nil && filter.before == nil
    let counted =
      isOfFollowUps
      ? "FROM follow_up f WHERE " + (["1"] + conditions.dropFirst()).joined(separator: " AND ")
      : source + conditions.joined(separator: " AND ")
    let total =
      try Int.fetchOne(db, sql: "SELECT count(*) " + counted, arguments: StatementArguments(arguments)) ?? 0
    if let cursor = Cursor(after) {
      add("(o.anchor_at, o.id) > (:key, :id)", "key", cursor.key)
      arguments["id"] = cursor.id
    }
    arguments["limit"] = limit + 1
    let found = try Row.fetchAll(
      db,
      sql: "SELECT f.*, o.anchor_at, o.id AS occurrence_id " + source + conditions.joined(separator: " AND ")
        + " ORDER BY o.anchor_at, o.id LIMIT :limit",
      arguments: StatementArguments(arguments)
    )
    return try page(of: found, limit: limit, total: total) { Cursor(key: $0["anchor_at"], id: $0["occurrence_id"]) }
  }
}
