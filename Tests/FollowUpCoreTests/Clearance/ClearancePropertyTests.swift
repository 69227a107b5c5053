import FollowUpCore
import Support
import Testing

@Suite struct ClearancePropertyTests {
  @Test("R12: whatever the facts, nothing is sent to whom, when or how it must not be")
  func neverSent() {
    var random = SeededGenerator()
    var sent = 0
    for _ in 0..<20_000 {
      let facts = Self.facts(&random)
      let now = Facts.now + Int64.random(in: -24 * 60...24 * 60, using: &random) * 60
      let clearance = Clearance(facts, now: now)
      guard case .send(let id) = clearance.decision else {
        #expect(clearance.reason != nil, "seed \(random.seed): \(facts)")
        continue
      }
      sent += 1
      let contact = facts.contacts.first { $0.id == id }
      let faults = Self.faults(facts, contact, now)
      #expect(faults.isEmpty, "seed \(random.seed): sent although \(faults): \(facts)")
      #expect(clearance.reason == nil, "seed \(random.seed)")
    }
    #expect(sent > 200, "seed \(random.seed): too few were sent for the test to mean much")
  }

  /// Why it must not be sent, said apart from the code under test.
  private static func faults(_ facts: ClearanceFacts, _ contact: ContactFacts?, _ now: Instant) -> [String] {
    guard let contact else { return ["there is no such contact"] }
    let hourOfDay = (now.seconds % 86_400) / 3600
    let isPressing = facts.priority == .urgent || facts.kind == .notice
    let faults: [(Bool, String)] = [
      (facts.patient != .active, "the patient is not active"),
      (facts.reminderRevision != facts.revision, "the visit was moved"),
      (facts.kind == .step && (facts.status != .open || facts.answer != .none), "the patient answered"),
      (now >= facts.expiresAt, "it expired"),
      (facts.isCallOnly, "call-only"),
      (facts.isHeld || facts.isClosed || facts.isBacklog || contact.isHeld, "held"),
      (!facts.isClockBelieved, "the clock is not believed"),
      (!contact.isServed, "no adapter"),
      (contact.isStopped, "on the stop list"),
      (contact.consent != .granted, "no consent"),
      (contact.state != .ok, "bounced or wrong"),
      (contact.hasFailed, "it failed there"),
      (contact.text != .ready, "no reviewed text"),
      (!(9..<19).contains(hourOfDay), "outside hours"),
      (contact.sentToday >= (isPressing ? 3 : 2), "over the day's budget"),
      (contact.sentThisWeek >= (isPressing ? 6 : 5), "over the week's budget"),
    ]
    return faults.filter(\.0).map(\.1)
  }

  /// Facts of which each is bad now and then.
  private static func facts(_ random: inout SeededGenerator) -> ClearanceFacts {
    func rarely(_ random: inout SeededGenerator) -> Bool { Int.random(in: 0..<16, using: &random) == 0 }
    var facts = Facts.sendable()
    if rarely(&random) { facts.patient = PatientStatus.allCases.randomElement(using: &random) ?? .deceased }
    if rarely(&random) { facts.revision = 2 }
    if rarely(&random) { facts.status = OccurrenceStatus.allCases.randomElement(using: &random) ?? .missed }
    if rarely(&random) { facts.answer = Answer.allCases.randomElement(using: &random) ?? .no }
    if rarely(&random) { (facts.kind, facts.when) = (.notice, nil) }
    facts.priority = Priority.allCases.randomElement(using: &random) ?? .soon
    facts.expiresAt = Facts.now + Int64.random(in: -12...48, using: &random) * Facts.hour
    facts.isCallOnly = rarely(&random)
    facts.isClockBelieved = !rarely(&random)
    facts.isHeld = rarely(&random)
    facts.isClosed = rarely(&random)
    facts.isBacklog = rarely(&random)
    facts.contacts = (0..<Int64.random(in: 0...3, using: &random)).map { number in
      var contact = Facts.contact(number + 1, rank: Int.random(in: 1...3, using: &random))
      if Bool.random(using: &random) { contact.consent = Consent.allCases.randomElement(using: &random) ?? .unknown }
      if Bool.random(using: &random) { contact.state = ContactState.allCases.randomElement(using: &random) ?? .wrong }
      contact.isStopped = Int.random(in: 0..<4, using: &random) == 0
      contact.isServed = Int.random(in: 0..<4, using: &random) != 0
      contact.hasFailed = rarely(&random)
      contact.isHeld = rarely(&random)
      if rarely(&random) { contact.text = Bool.random(using: &random) ? .missing : .notReviewed }
      contact.sentToday = Int.random(in: 0...4, using: &random)
      contact.sentThisWeek = contact.sentToday + Int.random(in: 0...4, using: &random)
      return contact
    }
    return facts
  }
}
