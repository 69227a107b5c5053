package import FollowUpCore
internal import GRDB

extension Transaction {
  /// Whether any patient has one of these normalised addresses, by whatever channel.
  package func isAnyContact(_ normalised: Set<String>) throws -> Bool {
    try normalised.contains { address in
      try Bool.fetchOne(
        db.cachedStatement(
          sql: "SELECT EXISTS (SELECT 1 FROM contact WHERE normalised = ? AND removed_at IS NULL)"),
        arguments: [address]) ?? false
    }
  }

  package func contact(id: Int64) throws -> Contact? {
    try Row.fetchOne(
      db.cachedStatement(sql: "SELECT * FROM contact WHERE id = ? AND removed_at IS NULL"), arguments: [id]
    ).map { try record($0) }
  }

  /// Those that are not removed, the first rank first.
  package func contacts(patient id: Int64) throws -> [Contact] {
    try records(
      Row.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT * FROM contact WHERE patient_id = ? AND removed_at IS NULL ORDER BY rank, id
            """), arguments: [id]
      ))
  }

  /// Everyone's contacts with one address; on every channel if none is named.
  package func contacts(at normalised: String, channel: String? = nil) throws -> [Contact] {
    let found: [Contact] = try records(
      Row.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT * FROM contact WHERE normalised = ? AND removed_at IS NULL ORDER BY patient_id, rank, id
            """), arguments: [normalised]))
    return found.filter { channel == nil || $0.channel == channel }
  }

  /// Returns the new contact's number.
  package func insert(_ contact: Contact) throws -> Int64 {
    try db.cachedStatement(
      sql: """
        INSERT INTO contact (patient_id, channel, address, normalised, person, rank, consent, consent_source,
          consent_at, state, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      contact.patientID, contact.channel, contact.address.typed, contact.address.normalised, contact.person,
      contact.rank, contact.consent.rawValue, contact.consentSource, contact.consentAt.seconds,
      contact.state.rawValue, contact.createdAt.seconds, contact.updatedAt.seconds,
    ])
    return db.lastInsertedRowID
  }

  package func update(_ contact: Contact, now: Instant) throws {
    try db.cachedStatement(
      sql: """
        UPDATE contact SET address = ?, normalised = ?, person = ?, rank = ?, consent = ?, consent_source = ?,
          consent_at = ?, state = ?, updated_at = ?
        WHERE id = ?
        """
    ).execute(arguments: [
      contact.address.typed, contact.address.normalised, contact.person, contact.rank, contact.consent.rawValue,
      contact.consentSource, contact.consentAt.seconds, contact.state.rawValue, now.seconds, contact.id,
    ])
  }

  /// The row stays for the messages that refer to it.
  package func remove(contact id: Int64, now: Instant) throws {
    try db.cachedStatement(sql: "UPDATE contact SET removed_at = ?, updated_at = ? WHERE id = ?")
      .execute(arguments: [now.seconds, now.seconds, id])
  }
}
