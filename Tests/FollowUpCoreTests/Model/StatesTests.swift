import FollowUpCore
import Testing

/// The closed sets of `domain.md`: final from the first release on.
@Suite struct StatesTests {
  struct ClosedSet: Sendable, CustomTestStringConvertible {
    var name: String
    var values: [String]
    var words: String

    var testDescription: String { name }

    init<Value: CaseIterable & RawRepresentable<String>>(_ type: Value.Type, _ words: String) {
      name = "\(type)"
      values = type.allCases.map(\.rawValue)
      self.words = words
    }
  }

  @Test(
    "States: each closed set has the words of the design and no others",
    arguments: [
      ClosedSet(PatientStatus.self, "active inactive deceased"),
      ClosedSet(Consent.self, "granted unknown stopped"),
      ClosedSet(ContactState.self, "ok bounced wrong"),
      ClosedSet(Mode.self, "trial live"),
      ClosedSet(FollowUpStatus.self, "active ended"),
      ClosedSet(OccurrenceStatus.self, "open confirmed completed missed cancelled"),
      ClosedSet(Answer.self, "none yes no rearrange call-me"),
      ClosedSet(ReminderKind.self, "step notice"),
      ClosedSet(
        ReminderState.self,
        "planned deferred held claimed waiting uncertain sent dropped superseded expired cancelled handed failed"),
      ClosedSet(MessageState.self, "claimed waiting uncertain sent rejected failed cancelled doubtful"),
      ClosedSet(AttemptState.self, "claimed delivered retry rejected misconfigured uncertain withdrawn"),
      ClosedSet(HoldKind.self, "all plan patient channel backlog clock restored"),
      ClosedSet(Priority.self, "urgent soon routine"),
      ClosedSet(StepWhen.self, "unconfirmed expected confirmed missed completed"),
      ClosedSet(LatePolicy.self, "send skip ask"),
      ClosedSet(DoubtPolicy.self, "resend ask"),
      ClosedSet(
        TaskReason.self,
        """
        no-contact no-consent stopped bounced wrong-number no-template call-only no-permitted-time expired late budget \
        delivery-failed uncertain-delivery unconfirmed declined rearrange call-me unreachable notice-undelivered closed \
        backlog no-outcome not-sent manual
        """),
    ])
  func closedSets(set: ClosedSet) {
    #expect(set.values.sorted() == set.words.split(separator: " ").map(String.init).sorted())
  }

  @Test("R12: each reason of the table, and of R10, is a word of its own")
  func reasons() {
    let words = """
      deceased inactive moved confirmed declined rearrange call-me unconfirmed completed missed cancelled open expired \
      call-only held closed backlog clock no-contact no-consent stopped bounced wrong-number no-template not-reviewed \
      outside-hours no-permitted-time budget late plan-changed
      """
    for word in words.split(separator: " ") { #expect(Reason(rawValue: String(word)) != nil, "\(word)") }
  }

  @Test("States: which are final")
  func finalStates() {
    #expect(
      ReminderState.allCases.filter(\.isFinal) == [
        .sent, .dropped, .superseded, .expired, .cancelled, .handed, .failed,
      ])
    #expect(MessageState.allCases.filter(\.isFinal) == [.sent, .rejected, .failed, .cancelled, .doubtful])
    #expect(OccurrenceStatus.allCases.filter(\.isOver) == [.completed, .missed, .cancelled])
  }

  @Test("R18: each way in which clearance hands a reminder to staff is a reason of a task")
  func handedReasons() {
    let handed: [Reason] = [
      .callOnly, .noContact, .noConsent, .stopped, .bounced, .wrongNumber, .noTemplate, .noPermittedTime, .budget,
      .deliveryFailed, .expired, .late,
    ]
    for reason in handed { #expect(TaskReason(rawValue: reason.rawValue) != nil, "\(reason)") }
  }

  @Test(
    "R19: unreachable raises the priority by one",
    arguments: [(.routine, .soon), (.soon, .urgent), (.urgent, .urgent)] as [(Priority, Priority)])
  func raised(priority: Priority, raised: Priority) {
    #expect(priority.raised == raised)
  }
}
