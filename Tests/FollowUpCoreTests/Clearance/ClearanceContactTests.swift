import FollowUpCore
import Testing

/// Which of several contacts a reminder goes to.
@Suite struct ClearanceContactTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var rule: String
    var contacts: [ContactFacts]
    var decision: ClearanceDecision

    var testDescription: String { rule }
  }

  /// A contact of rank 1 that `change` spoils, and a good one of rank 2.
  private static func pair(_ change: (inout ContactFacts) -> Void) -> [ContactFacts] {
    [Facts.contact(1, rank: 1, change), Facts.contact(2, rank: 2, channel: "sms")]
  }

  @Test(
    "R12 check 6: the first contact by rank that may be used gets it",
    arguments: [
      Case(
        rule: "the rank counts, not the order of the rows",
        contacts: [Facts.contact(1, rank: 2), Facts.contact(2, rank: 1)], decision: .send(contact: 2)),
      Case(
        rule: "of equal ranks the older one", contacts: [Facts.contact(9, rank: 1), Facts.contact(3, rank: 1)],
        decision: .send(contact: 3)),
      Case(rule: "the first has no consent", contacts: pair { $0.consent = .unknown }, decision: .send(contact: 2)),
      Case(
        rule: "the first took its consent back", contacts: pair { $0.consent = .stopped }, decision: .send(contact: 2)),
      Case(rule: "the first is on the stop list", contacts: pair { $0.isStopped = true }, decision: .send(contact: 2)),
      Case(rule: "the first bounced", contacts: pair { $0.state = .bounced }, decision: .send(contact: 2)),
      Case(rule: "the first is wrong", contacts: pair { $0.state = .wrong }, decision: .send(contact: 2)),
      Case(rule: "the first is a telephone", contacts: pair { $0.isServed = false }, decision: .send(contact: 2)),
      Case(
        rule: "the first refused this reminder", contacts: pair { $0.hasFailed = true }, decision: .send(contact: 2)),
      Case(rule: "the first has no text", contacts: pair { $0.text = .missing }, decision: .send(contact: 2)),
      Case(
        rule: "the first's text is not reviewed", contacts: pair { $0.text = .notReviewed }, decision: .send(contact: 2)
      ),
      Case(
        rule: "a contact without a text is better than none: staff get the text's reason",
        contacts: [
          Facts.contact(1, rank: 1) { $0.isStopped = true }, Facts.contact(2, rank: 2) { $0.text = .missing },
        ],
        decision: .staff(.noTemplate)),
      Case(
        rule: "the first's channel is held: it waits, as a hold is no refusal", contacts: pair { $0.isHeld = true },
        decision: .defer(until: nil, .held)),
      Case(
        rule: "the hold of a channel that is not used is none",
        contacts: [Facts.contact(1, rank: 1), Facts.contact(2, rank: 2) { $0.isHeld = true }],
        decision: .send(contact: 1)),
      Case(
        rule: "the budget is that of the contact it would go to",
        contacts: [Facts.contact(1, rank: 1), Facts.contact(2, rank: 2) { $0.sentToday = 9 }],
        decision: .send(contact: 1)),
      Case(
        rule: "none may be used: the first by rank says why",
        contacts: [
          Facts.contact(1, rank: 2) { $0.state = .bounced }, Facts.contact(2, rank: 1) { $0.consent = .unknown },
        ],
        decision: .staff(.noConsent)),
      Case(
        rule: "a telephone says nothing about why",
        contacts: [
          Facts.contact(1, rank: 1, channel: "phone") { ($0.isServed, $0.consent) = (false, .unknown) },
          Facts.contact(2, rank: 2) { $0.state = .wrong },
        ], decision: .staff(.wrongNumber)),
    ])
  func chosen(example: Case) {
    let facts = Facts.sendable { $0.contacts = example.contacts }
    #expect(Clearance(facts, now: Facts.now).decision == example.decision)
  }

  @Test(
    "R12 check 6: of several obstacles of a contact the patient's own word comes first",
    arguments: [
      (true, ContactState.wrong, Consent.unknown, Reason.stopped), (false, .wrong, .unknown, .wrongNumber),
      (false, .bounced, .unknown, .bounced), (false, .ok, .unknown, .noConsent), (false, .bounced, .stopped, .stopped),
    ])
  func obstacles(isStopped: Bool, state: ContactState, consent: Consent, reason: Reason) {
    let contact = Facts.contact { ($0.isStopped, $0.state, $0.consent) = (isStopped, state, consent) }
    #expect(contact.obstacle == reason)
  }
}
