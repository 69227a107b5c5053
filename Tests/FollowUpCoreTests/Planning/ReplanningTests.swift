import Testing

@testable import FollowUpCore

/// R10, for every other cause than a move: what becomes of one reminder that is planned anew.
@Suite struct ReplanningTests {
  /// Monday 23 November 2026, 18:00 UTC.
  private static let now = Instant(1_795_456_800)
  private static let hour: Int64 = 3600

  /// An instant so many hours from now.
  private static func at(_ hours: Int64) -> Instant { now + hours * hour }

  private static func row(
    _ state: ReminderState, _ reason: Reason? = nil, at hours: Int64, wake: Int64?? = .none, present: Bool = true
  ) -> CurrentReminder {
    let isParked = state.isFinal || state == .held
    let wakeAt =
      switch wake {
      case .none: isParked ? nil : at(hours)
      case .some(let wake): wake.map { at($0) }
      }
    return CurrentReminder(
      state: state, reason: reason, intendedAt: at(hours), plannedAt: at(hours), expiresAt: at(100), wakeAt: wakeAt,
      isOfPresentPlan: present)
  }

  private static func planned(_ hours: Int64, intended: Int64? = nil, permitted: Bool = true) -> PlannedReminder {
    PlannedReminder(
      step: "s", intendedAt: at(intended ?? hours), plannedAt: at(hours), expiresAt: at(100), isPermitted: permitted)
  }

  private static let allDay = ContactHours(daily: [.literal("00:00-24:00")])

  private func change(
    _ row: CurrentReminder?, _ planned: PlannedReminder?, priority: Priority = .routine,
    hours: ContactHours = ReplanningTests.allDay, standing: Standing = .applies
  ) -> ReminderChange? {
    Replanning(priority: priority, hours: hours, zone: .utc, now: Self.now)
      .change(of: row, to: planned, standing: standing)
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var row: CurrentReminder?
    var planned: PlannedReminder?
    /// `KIND STATE REASON HOURS`, `-` for none; nil: nothing changes.
    var after: String?

    init(_ name: String, _ row: CurrentReminder?, _ planned: PlannedReminder?, _ after: String?) {
      (testDescription, self.row, self.planned, self.after) = (name, row, planned, after)
    }
  }

  private static let cases = [
    Case("a step inserted ahead is added", nil, planned(5), "added planned - 5"),
    Case("a step inserted in the past is superseded", nil, planned(-5), "silent superseded plan-changed -5"),
    Case("a step inserted for this very moment is superseded", nil, planned(0), "silent superseded plan-changed 0"),
    Case(
      "a step that no hour is permitted for", nil, planned(5, permitted: false), "silent dropped no-permitted-time 5"),
    Case("nothing differs", row(.planned, at: 5), planned(5), nil),
    Case("a step moved ahead is moved", row(.planned, at: 5), planned(7), "moved planned - 7"),
    Case(
      "a step moved into the past is superseded", row(.planned, at: 5), planned(-1),
      "cancelled superseded plan-changed -1"),
    Case("a step that is gone is superseded", row(.planned, at: 5), nil, "cancelled superseded plan-changed 5"),
    Case("a due step that is gone is superseded", row(.planned, at: -1), nil, "cancelled superseded plan-changed -1"),
    Case(
      "a retry of a step that is gone is superseded", row(.waiting, .retry, at: -1), nil,
      "cancelled superseded plan-changed -1"),
    Case(
      "another text of the plan alone moves nothing", row(.planned, at: 5, present: false), planned(5),
      "silent planned - 5"),
    Case("one that is due stays due", row(.planned, at: -1), planned(-3), nil),
    Case("one that is due and now for later moves", row(.planned, at: 0), planned(1), "moved planned - 1"),
    Case("a retry stays", row(.waiting, .retry, at: -1, wake: 1), planned(5), nil),
    Case("what may have arrived stays", row(.uncertain, at: -1, wake: 1), planned(5), nil),
    Case(
      "what may have arrived, of a step that is gone, is for staff to ask", row(.uncertain, at: -1, wake: 1), nil,
      "cancelled handed uncertain-delivery -1"),
    Case("a claim is its attempt's", row(.claimed, at: -1, wake: .some(nil)), planned(5), nil),
    Case("what is parked stays parked at its new instant", row(.held, .held, at: 5), planned(7), "moved held held 7"),
    Case(
      "what a backlog held and is for later now is held by it no more", row(.held, .backlog, at: -2), planned(7),
      "moved planned - 7"),
    Case("what was sent is sent", row(.sent, at: -5), planned(5), nil),
    Case("what staff have is theirs", row(.handed, .noPermittedTime, at: 5), planned(5), nil),
    Case("what expired is over", row(.expired, .expired, at: -5), planned(5), nil),
    Case("an answer's end is for good", row(.cancelled, .confirmed, at: 5), planned(5), nil),
    Case("a plan mended brings it back", row(.superseded, .planChanged, at: -1), planned(5), "added planned - 5"),
    Case("but never into the past", row(.superseded, .planChanged, at: 5), planned(-1), nil),
    Case("what a later step superseded stays so", row(.superseded, .later, at: -1), planned(5), nil),
    Case("hours mended bring it back", row(.dropped, .noPermittedTime, at: 5), planned(5), "added planned - 5"),
    Case("a patient who is active again", row(.cancelled, .inactive, at: 5), planned(5), "added planned - 5"),
    Case(
      "wider hours do not lose what waits for its hour", row(.planned, at: 5), planned(-1, intended: 5), nil),
  ]

  @Test("R10: planning anew makes no send in the past, keeps what was sent, and moves what is ahead", arguments: cases)
  func becomes(_ one: Case) {
    let found = change(one.row, one.planned)
    #expect(found.map(Self.text) == one.after)
    guard let found else { return }
    #expect(found.kind == .silent || found.kind == .cancelled || found.plannedAt > Self.now)
    // Doing it again changes nothing.
    let again = CurrentReminder(
      state: found.state, reason: found.reason, intendedAt: found.intendedAt, plannedAt: found.plannedAt,
      expiresAt: found.expiresAt, wakeAt: found.wakeAt, isOfPresentPlan: found.takesPlan)
    #expect(change(again, one.planned) == nil)
  }

  private static func text(_ change: ReminderChange) -> String {
    "\(change.kind) \(change.state.rawValue) \(change.reason?.rawValue ?? "-") \((change.plannedAt - now) / hour)"
  }

  @Test("R10: what waits outside contact hours gets its instant again by the hours that hold now")
  func otherHours() {
    let row = Self.row(.deferred, .outsideHours, at: -2, wake: 15)
    let open = change(row, Self.planned(-2))
    #expect(open?.wakeAt == Self.now)
    #expect(open?.kind == .silent)
    let later = change(row, Self.planned(-2), hours: ContactHours(daily: [.literal("20:00-21:00")]))
    #expect(later?.wakeAt == Self.at(2))
    let same = change(row, Self.planned(-2), hours: ContactHours(daily: [.literal("09:00-10:00")]))
    #expect(same == nil)
  }

  @Test("R14: a step inserted for visits that are not so any more is never sent")
  func standing() {
    let gone = Standing.not(.confirmed, forGood: true)
    #expect(change(nil, Self.planned(5), standing: gone)?.state == .cancelled)
    #expect(change(Self.row(.planned, at: 5), Self.planned(5), standing: gone)?.reason == .confirmed)
    #expect(change(nil, Self.planned(5), standing: .notYet)?.state == .planned)
  }

  @Test("R8: what no permitted minute is left for goes to staff where it is urgent or soon")
  func unpermitted() {
    let row = Self.row(.planned, at: 5)
    #expect(change(row, Self.planned(5, permitted: false))?.state == .dropped)
    #expect(change(row, Self.planned(5, permitted: false), priority: .soon)?.state == .handed)
  }
}
