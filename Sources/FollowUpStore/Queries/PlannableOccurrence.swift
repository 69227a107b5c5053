internal import FollowUpCore
internal import GRDB

/// An occurrence with what decides its planning.
struct PlannableOccurrence {
  var id: Int64
  var followUpID: Int64
  var key: String
  var civil: String
  var zone: String
  var anchorAt: Instant
  var revision: Int
  var status: OccurrenceStatus
  var answer: Answer
  var plan: String
  var priority: String
  var owner: String
  var patientID: Int64
  var patientZone: String?
  var patientHours: String?
  var patient: PatientStatus

  var subject: String { SubjectID.occurrence(followUp: followUpID, key: key) }

  /// Nil for a row that does not parse: it blocks no other.
  init?(_ row: Row) {
    guard let status = OccurrenceStatus(rawValue: row[7]), let answer = Answer(rawValue: row[8]),
      let patient = PatientStatus(rawValue: row[15])
    else { return nil }
    id = row[0]
    followUpID = row[1]
    key = row[2]
    civil = row[3]
    zone = row[4]
    anchorAt = Instant(row[5])
    revision = row[6]
    self.status = status
    self.answer = answer
    plan = row[9]
    priority = row[10]
    owner = row[11]
    patientID = row[12]
    patientZone = row[13]
    patientHours = row[14]
    self.patient = patient
  }
}

extension Transaction {
  /// Those of a stretch that can be read, and the number of the last row, read or not, if the limit cut the stretch short.
  func plannableOccurrences(
    from first: Int64, through last: Int64, limit: Int, isAnyStatus: Bool = false
  ) throws -> (occurrences: [PlannableOccurrence], stop: Int64?) {
    let open =
      isAnyStatus
      ? ""
      : """
      AND (o.status IN ('open', 'confirmed') OR EXISTS (
        SELECT 1 FROM reminder r WHERE r.occurrence_id = o.id
          AND r.state IN ('planned', 'deferred', 'held', 'claimed', 'waiting', 'uncertain')))
      """
    let rows = try Row.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT o.id, o.follow_up_id, o.key, o.civil, o.zone, o.anchor_at, o.revision, o.status, o.answer, f.plan,
            f.priority, f.owner, f.patient_id, p.zone, p.hours, p.status
          FROM occurrence o CROSS JOIN follow_up f ON f.id = o.follow_up_id CROSS JOIN patient p ON p.id = f.patient_id
          WHERE o.id >= ? AND o.id <= ? \(open) ORDER BY o.id LIMIT ?
          """), arguments: [first, last, limit])
    var occurrences: [PlannableOccurrence] = []
    var (count, lastSeen) = (0, first)
    while let row = try rows.next() {
      (count, lastSeen) = (count + 1, row[0])
      if let occurrence = PlannableOccurrence(row) { occurrences.append(occurrence) }
    }
    return (occurrences, count == limit ? lastSeen : nil)
  }
}
