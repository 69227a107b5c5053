import FollowUpCore
import FollowUpSystem
import Support
import Testing

@testable import FollowUpService

/// What a clinic's database tells at the end, and whether it was all allowed: R7, R9, R13, R15 and R16 as properties of what
/// left, and that nothing is lost.
struct Account {
  struct Reminder {
    /// `F-12@2026-12-01/1/step/day-before`
    var name: String
    /// `F-12@2026-12-01`
    var subject: String
    var revision: Int
    var step: String
    var priority: Priority
    var state: ReminderState
    var reason: String
    var intendedAt: Instant
    var plannedAt: Instant
    var expiresAt: Instant
    var sentAt: Instant?
    var hasTask: Bool
  }

  /// A try whose first byte may have left.
  struct Try {
    var at: Instant
    var address: String
    var zone: String
    var hours: String
    var expiresAt: Instant
    var isPressing: Bool
    var patient: String
    /// The message's identity, if it may have arrived by this try.
    var message: String?
  }

  let reminders: [Reminder]
  let tries: [Try]
  private let clinic: SendingClinic
  private let story: RandomClinic
  private let rules: RulesInForce

  /// - Parameter rules: what was in force when; nil: the story's settings, all the time.
  init(_ clinic: SendingClinic, _ story: RandomClinic, rules: RulesInForce? = nil) async throws {
    self.clinic = clinic
    self.story = story
    self.rules = rules ?? RulesInForce(story.settings)
    reminders = try await Self.reminders(clinic)
    tries = try await Self.tries(clinic)
  }

  static func reminders(_ clinic: SendingClinic) async throws -> [Reminder] {
    try await clinic.query(
      """
      SELECT 'F-' || o.follow_up_id || '@' || o.key || '/' || r.revision || '/' || r.kind || '/' || r.step, r.state,
        coalesce(r.reason, ''), r.planned_at, r.expires_at, coalesce(m.sent_at, ''), r.task_id IS NOT NULL,
        'F-' || o.follow_up_id || '@' || o.key, r.revision, r.step, r.priority, r.intended_at
      FROM reminder r JOIN occurrence o ON o.id = r.occurrence_id LEFT JOIN message m ON m.id = r.message_id ORDER BY r.id
      """
    ).map { line in
      let fields = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      return Reminder(
        name: fields[0], subject: fields[7], revision: Int(fields[8]) ?? 0, step: fields[9],
        priority: try #require(Int(fields[10]).flatMap(Priority.init(rank:))),
        state: try #require(ReminderState(rawValue: fields[1])), reason: fields[2],
        intendedAt: Instant(Int64(fields[11]) ?? 0), plannedAt: Instant(Int64(fields[3]) ?? 0),
        expiresAt: Instant(Int64(fields[4]) ?? 0),
        sentAt: Int64(fields[5]).map(Instant.init(_:)), hasTask: fields[6] == "1")
    }
  }

  private static func tries(_ clinic: SendingClinic) async throws -> [Try] {
    try await clinic.query(
      """
      SELECT a.claimed_at, coalesce(m.address, c.normalised), coalesce(p.zone, ''), coalesce(p.hours, ''), min(r.expires_at),
        min(r.priority) = 0 OR max(r.kind = 'notice'), p.ref,
        CASE WHEN a.state IN ('delivered', 'uncertain', 'claimed') THEN m.identity ELSE '' END
      FROM attempt a JOIN message m ON m.id = a.message_id JOIN patient p ON p.id = m.patient_id
      JOIN contact c ON c.id = m.contact_id
      JOIN message_reminder mr ON mr.message_id = m.id JOIN reminder r ON r.id = mr.reminder_id
      WHERE a.state != 'withdrawn' AND m.mode = 'live' GROUP BY a.id ORDER BY a.id
      """
    ).map { line in
      let fields = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      return Try(
        at: Instant(Int64(fields[0]) ?? 0), address: fields[1], zone: fields[2], hours: fields[3],
        expiresAt: Instant(Int64(fields[4]) ?? 0), isPressing: fields[5] == "1", patient: fields[6],
        message: fields[7].isEmpty ? nil : fields[7])
    }
  }

  func check(_ comment: Comment) throws {
    for reminder in reminders
    where reminder.expiresAt <= clinic.clock.now() || reminder.state.isFinal {
      #expect(
        reminder.state.isFinal,
        "\(comment): \(reminder.name) is \(reminder.state) after everything has expired")
      #expect(
        reminder.state != .handed && reminder.state != .failed || reminder.hasTask,
        "\(comment): \(reminder.name) was handed (\(reminder.reason)) to nobody")
      #expect(
        reminder.state == .sent || !reminder.reason.isEmpty,
        "\(comment): \(reminder.name) ended without a reason")
    }
    try checkMoments(comment)
    try checkBudget(comment)
    checkConsent(comment)
  }

  /// R7, R9: at a decent hour where the patient is, and while it is of use.
  private func checkMoments(_ comment: Comment) throws {
    for sent in tries {
      let walk = MinuteWalk(
        zone: try rules.zone(sent.zone, at: sent.at),
        hours: try sent.hours.isEmpty ? rules.at(sent.at).settings.contactHours.week : ContactHours(text: sent.hours))
      #expect(
        walk.allows(sent.at),
        "\(comment): sent at \(walk.zone.civil(at: sent.at)) in \(sent.zone), hours \(walk.hours)")
      #expect(
        sent.at < sent.expiresAt,
        "\(comment): sent at \(sent.at.rfc3339), expired \(sent.expiresAt.rfc3339)")
    }
  }

  /// R13: whenever something left for an address, what had been told to it in each window that this try closes (its civil
  /// day in the patient's zone; that day and the six before) was below the limit. Only what is urgent, or a notice, may
  /// find the limit reached, and only by itself: whatever comes after it finds that room taken.
  private func checkBudget(_ comment: Comment) throws {
    let budget = story.settings.budget
    for (address, tries) in Dictionary(grouping: tries.filter { $0.message != nil }, by: \.address) {
      // Each message counts once: where it was tried again in doubt, by its latest try.
      var told: [String: Instant] = [:]
      for one in tries {
        let zone = try rules.zone(one.zone, at: one.at)
        let today = zone.civil(at: one.at).date.dayNumber
        let ages = told.filter { $0.key != one.message }.map { today - zone.civil(at: $0.value).date.dayNumber }
        let extra = one.isPressing ? 1 : 0
        let comment: Comment = "\(comment): \(address) at \(one.at.rfc3339(in: zone)), told \(ages) days before"
        #expect(ages.count { $0 == 0 } < budget.perAddressPerDay + extra, comment)
        #expect(ages.count { (0..<7).contains($0) } < budget.perAddressPerWeek + extra, comment)
        if let message = one.message { told[message] = one.at }
      }
    }
  }

  /// R12, R15, R16: to nobody who is dead, gone, has stopped, never consented, or is somebody else.
  private func checkConsent(_ comment: Comment) {
    let byAddress = Dictionary(grouping: tries, by: \.address)
    let byPatient = Dictionary(grouping: tries, by: \.patient)
    for happening in story.happenings {
      let (index, isByAddress): (Int, Bool)
      switch happening.act {
      case .stop(let patient): (index, isByAddress) = (patient, true)
      case .deceased(let patient), .inactive(let patient): (index, isByAddress) = (patient, false)
      default: continue
      }
      let patient = story.patients[index]
      let theirs =
        isByAddress
        ? patient.contacts.flatMap { byAddress[$0.address] ?? [] } : byPatient[patient.ref] ?? []
      for sent in theirs where sent.at > happening.at {
        Issue.record(
          "\(comment): sent to \(patient.ref) at \(sent.at.rfc3339) after \(happening.act)")
      }
    }
    for patient in story.patients {
      let usable = Set(
        patient.contacts.filter { $0.consent == .granted && !$0.isWrong }.map(\.address))
      for sent in byPatient[patient.ref] ?? [] {
        #expect(
          usable.contains(sent.address),
          "\(comment): \(patient.ref) has no consent for \(sent.address)")
      }
    }
  }

  /// R13: a message is for one patient; it never has two steps of one visit; what is urgent goes alone.
  /// - Returns: how many messages had more than one reminder.
  @discardableResult
  func checkBundles(_ comment: Comment) async throws -> Int {
    let bundles = try await clinic.query(
      """
      SELECT m.id, count(*), count(DISTINCT r.occurrence_id), count(DISTINCT f.patient_id), min(r.priority), max(f.patient_id)
        = m.patient_id
      FROM message m JOIN message_reminder mr ON mr.message_id = m.id JOIN reminder r ON r.id = mr.reminder_id
      JOIN occurrence o ON o.id = r.occurrence_id JOIN follow_up f ON f.id = o.follow_up_id
      WHERE m.state != 'cancelled' GROUP BY m.id HAVING count(*) > 1
      """
    ).map { $0.split(separator: "|").compactMap { Int($0) } }
    for bundle in bundles {
      #expect(bundle[1] == bundle[2], "\(comment): two steps of one visit in message \(bundle[0])")
      #expect(bundle[3] == 1 && bundle[5] == 1, "\(comment): several patients in message \(bundle[0])")
      #expect(bundle[4] != 0, "\(comment): an urgent reminder among others in message \(bundle[0])")
    }
    try await checkTogether(comment)
    return bundles.count
  }

  /// A step that was sent as it was planned, alone or with others.
  private struct Part {
    var message: Int
    var occurrence: Int
    var composedAt: Int
    var madeAt: Int
    var sendableAt: Int
    var patientAndContact: String
    var isJoining: Bool
  }

  /// R13: what announces a visit and could be sent within `bundle_within` of the first of a message, to the same contact,
  /// left in that message. Of visits that were never moved, as far as nothing put them off.
  private func checkTogether(_ comment: Comment) async throws {
    let parts = try await clinic.query(
      """
      SELECT m.id, o.id, m.created_at, o.created_at, r.planned_at, m.patient_id || '/' || m.contact_id, f.plan, r.step,
        r.priority > 0 AND r.sendable_at IS NULL AND o.revision = 1 AND instr(r.step, '#') = 0
          AND (SELECT count(*) FROM message_reminder x WHERE x.reminder_id = r.id) = 1
      FROM message m JOIN message_reminder mr ON mr.message_id = m.id JOIN reminder r ON r.id = mr.reminder_id
      JOIN occurrence o ON o.id = r.occurrence_id JOIN follow_up f ON f.id = o.follow_up_id
      WHERE m.state = 'sent' AND m.tries = 1 ORDER BY m.id, r.id
      """
    ).map { line in
      let fields = line.split(separator: "|").map(String.init)
      let number = fields.map { Int($0) ?? 0 }
      let step = story.settings.plans[fields[6]]?.step(fields[7])
      let announces =
        step.map { MinuteWalk.isBefore($0.at) && ($0.when == .unconfirmed || $0.when == .expected) } ?? false
      return Part(
        message: number[0], occurrence: number[1], composedAt: number[2], madeAt: number[3], sendableAt: number[4],
        patientAndContact: fields[5], isJoining: announces && number[8] == 1)
    }
    let window = Int(story.settings.budget.bundleWithin.seconds)
    for theirs in Dictionary(grouping: parts, by: \.patientAndContact).values {
      for message in Dictionary(grouping: theirs, by: \.message).values {
        guard message.allSatisfy(\.isJoining), let first = message.map(\.sendableAt).min(), let one = message.first
        else { continue }
        let left = theirs.filter { part in
          part.isJoining && part.composedAt > one.composedAt && part.madeAt <= one.composedAt
            && (first...first + window).contains(part.sendableAt)
            && !message.contains { $0.occurrence == part.occurrence }
        }
        #expect(left.isEmpty, "\(comment): message \(one.message) left without \(left)")
      }
    }
  }

  /// Ladder: for what is urgent or soon only, each rung to a contact that the step was not written to before, at most one a
  /// visit and day of the patient's.
  /// - Returns: how many rungs were sent.
  @discardableResult
  func checkLadder(_ comment: Comment) async throws -> Int {
    let rungs = try await clinic.query(
      """
      SELECT r.occurrence_id, r.revision, r.step, r.priority, m.contact_id, m.sent_at, coalesce(p.zone, ''), m.id
      FROM reminder r JOIN message_reminder l ON l.reminder_id = r.id JOIN message m ON m.id = l.message_id
      JOIN patient p ON p.id = m.patient_id
      WHERE m.state IN ('sent', 'rejected', 'failed', 'doubtful') ORDER BY m.id
      """
    ).map { $0.split(separator: "|", omittingEmptySubsequences: false).map(String.init) }
    var written: Set<String> = []
    var days: Set<String> = []
    var count = 0
    for row in rungs {
      let comment: Comment = "\(comment): message \(row[7]), \(row[2])"
      let whom = "\(row[0])/\(row[1])/\(Rung.base(of: row[2]))/\(row[4])"
      #expect(written.insert(whom).inserted, comment)
      guard Rung(row[2]) != nil else { continue }
      #expect(row[3] != "2", comment)
      guard let sentAt = Int64(row[5]) else { continue }
      count += 1
      let zone = try rules.zone(row[6], at: Instant(sentAt))
      #expect(days.insert("\(row[0])/\(zone.civil(at: Instant(sentAt)).date)").inserted, comment)
    }
    return count
  }

  /// None left twice: a reminder is in one message that was sent, and what was not in doubt was accepted once, as the
  /// adapters saw it.
  func checkOnce(left identities: [String], _ comment: Comment) async throws {
    let twice = try await clinic.query(
      """
      SELECT mr.reminder_id FROM message_reminder mr JOIN message m ON m.id = mr.message_id
      WHERE m.state = 'sent' GROUP BY mr.reminder_id HAVING count(*) > 1
      UNION ALL SELECT message_id FROM attempt WHERE state = 'delivered' GROUP BY message_id HAVING count(*) > 1
      """)
    #expect(twice.isEmpty, comment)
    let doubted = Set(try await clinic.query("SELECT identity FROM message WHERE doubts > 0"))
    let left = identities.filter { !doubted.contains($0) }
    let retried = try await clinic.query(
      "SELECT identity FROM message m JOIN attempt a ON a.message_id = m.id AND a.state = 'retry'")
    let again = retried.filter { !doubted.contains($0) }.count
    #expect(left.count - Set(left).count <= again, comment)
  }

  /// Counts by state and reason, messages and tasks.
  func summary() async throws -> String {
    func counts(_ sql: String) async throws -> String {
      try await clinic.query(sql).map { $0.split(separator: "|").reversed().joined(separator: " ") }
        .joined(separator: ", ")
    }
    return """
      reminders: \(try await counts("SELECT state || coalesce(' (' || reason || ')', ''), count(*) FROM reminder GROUP BY 1"))
      messages: \(try await counts("SELECT state, count(*) FROM message GROUP BY 1"))
      attempts: \(try await counts("SELECT state, count(*) FROM attempt GROUP BY 1"))
      tasks: \(try await counts("SELECT reason, count(*) FROM task GROUP BY 1"))
      occurrences: \(try await counts("SELECT status, count(*) FROM occurrence GROUP BY 1"))
      """
  }
}
