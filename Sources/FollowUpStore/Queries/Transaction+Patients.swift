package import FollowUpCore
internal import GRDB

extension Transaction {
  package func patient(id: Int64) throws -> Patient? {
    try Row.fetchOne(db.cachedStatement(sql: "SELECT * FROM patient WHERE id = ?"), arguments: [id])
      .map { try record($0) }
  }

  package func patient(ref: String) throws -> Patient? {
    try Row.fetchOne(db.cachedStatement(sql: "SELECT * FROM patient WHERE ref = ?"), arguments: [ref])
      .map { try record($0) }
  }

  /// Returns the new patient's number.
  package func insert(_ patient: Patient) throws -> Int64 {
    try db.cachedStatement(
      sql: """
        INSERT INTO patient (ref, name, name_folded, called_name, born, language, zone, hours, call_only, status,
          created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      patient.ref, patient.name, Name.folded(patient.name), patient.calledName, patient.bornText,
      patient.language, patient.zone, patient.hours, patient.callOnly, patient.status.rawValue,
      patient.createdAt.seconds, patient.updatedAt.seconds,
    ])
    return db.lastInsertedRowID
  }

  /// Writes what was edited and raises the version.
  package func update(_ patient: Patient, now: Instant) throws {
    try db.cachedStatement(
      sql: """
        UPDATE patient SET name = ?, name_folded = ?, called_name = ?, born = ?, language = ?, zone = ?, hours = ?,
          call_only = ?, status = ?, updated_at = ?, version = version + 1
        WHERE id = ?
        """
    ).execute(arguments: [
      patient.name, Name.folded(patient.name), patient.calledName, patient.bornText, patient.language,
      patient.zone, patient.hours, patient.callOnly, patient.status.rawValue, now.seconds, patient.id,
    ])
  }

  /// Those whose name holds `part`, folded (`interface.md`, WHO); by name.
  package func patients(named part: String, limit: Int) throws -> [Patient] {
    try records(
      Row.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT * FROM patient WHERE instr(name_folded, ?) > 0 ORDER BY name_folded, id LIMIT ?
            """), arguments: [Name.folded(part), limit]
      ))
  }

  /// Those who have one of the normalised addresses, on any channel; by name.
  package func patients(atAnyOf addresses: [String], limit: Int) throws -> [Patient] {
    try records(
      Row.fetchAll(
        db,
        sql: """
          SELECT * FROM patient WHERE id IN (
            SELECT patient_id FROM contact
            WHERE normalised IN (\(questionMarks(addresses.count))) AND removed_at IS NULL)
          ORDER BY name_folded, id LIMIT ?
          """, arguments: StatementArguments(addresses) + [limit]
      ))
  }

  /// A page by name. `after` is the `next` of the page before.
  package func listPatients(
    status: PatientStatus?, limit: Int, after: String?
  ) throws -> Page<Patient> {
    let cursor = Cursor(after)
    let filter = status == nil ? "" : " AND status = :status"
    var arguments: [String: (any DatabaseValueConvertible)?] = ["limit": limit + 1]
    if let status { arguments["status"] = status.rawValue }
    let total =
      try Int.fetchOne(
        db, sql: "SELECT count(*) FROM patient WHERE 1\(filter)",
        arguments: StatementArguments(arguments.filter { $0.key == "status" })) ?? 0
    var position = ""
    if let cursor,
      let name = try String.fetchOne(db, sql: "SELECT name_folded FROM patient WHERE id = ?", arguments: [cursor.id])
    {
      position = " AND (name_folded, id) > (:name, :id)"
      arguments["name"] = name
      arguments["id"] = cursor.id
    }
    let found = try Row.fetchAll(
      db, sql: "SELECT * FROM patient WHERE 1\(filter)\(position) ORDER BY name_folded, id LIMIT :limit",
      arguments: StatementArguments(arguments))
    return try page(of: found, limit: limit, total: total) { Cursor(id: $0["id"]) }
  }

  /// Cuts one more than asked for down to a page.
  func page<Item>(_ found: [Item], limit: Int, total: Int, next: (Item) -> String) -> Page<Item> {
    let items = Array(found.prefix(limit))
    return Page(items: items, total: total, next: found.count > limit ? items.last.map(next) : nil)
  }

  func questionMarks(_ count: Int) -> String { Array(repeating: "?", count: count).joined(separator: ", ") }
}
