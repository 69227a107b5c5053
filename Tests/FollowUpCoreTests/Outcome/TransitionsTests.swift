import FollowUpCore
import Testing

/// (state, event) → state, each pair of it; `-` where the event cannot happen.
@Suite struct TransitionsTests {
  static let message = Table(
    """
                claim    delivered  retry    exhausted  rejected  withdrawn  doubt      doubtAgain  cancel     receiptDelivered  receiptFailed
      claimed   -        sent       waiting  failed     rejected  waiting    uncertain  doubtful    cancelled  sent              failed
      waiting   claimed  -          -        failed     -         -          -          -           cancelled  sent              failed
      uncertain claimed  -          -        doubtful   -         -          -          doubtful    doubtful   sent              failed
      sent      -        -          -        -          -         -          -          -           -          -                 failed
      rejected  -        -          -        -          -         -          -          -           -          -                 -
      failed    -        -          -        -          -         -          -          -           -          -                 -
      cancelled -        -          -        -          -         -          -          -           -          -                 -
      doubtful  -        -          -        -          -         -          -          -           -          -                 -
    """)

  /// What clearance and the acts of staff do with a reminder.
  static let decisions = Table(
    """
                 claim    deferred  park  drop     supersede   expire   hand    cancel     wake     fail
      planned    claimed  deferred  held  dropped  superseded  expired  handed  cancelled  planned  failed
      deferred   claimed  deferred  held  dropped  superseded  expired  handed  cancelled  planned  failed
      held       claimed  deferred  held  dropped  superseded  expired  handed  cancelled  planned  failed
      waiting    claimed  deferred  held  dropped  superseded  expired  handed  cancelled  planned  failed
      uncertain  claimed  deferred  held  dropped  superseded  expired  handed  cancelled  planned  failed
      claimed    -        -         -     -        -           -        handed  cancelled  -        failed
      sent       -        -         -     -        -           -        -       -          -        -
      dropped    -        -         -     -        -           -        -       -          -        -
      superseded -        -         -     -        -           -        -       -          -        -
      expired    -        -         -     -        -           -        -       -          -        -
      cancelled  -        -         -     -        -           -        -       -          -        -
      handed     -        -         -     -        -           -        -       -          -        -
      failed     -        -         -     -        -           -        -       -          -        -
    """)

  /// What an attempt, or a receipt after it, does with a reminder.
  static let outcomes = Table(
    """
                 delivered  retry    withdrawn  doubt      receiptDelivered  receiptFailed
      planned    -          -        -          -          sent              planned
      deferred   -          -        -          -          sent              planned
      held       -          -        -          -          sent              planned
      waiting    -          -        -          -          sent              planned
      uncertain  -          -        -          -          sent              planned
      claimed    sent       waiting  planned    uncertain  sent              planned
      sent       -          -        -          -          -                 failed
      dropped    -          -        -          -          -                 -
      superseded -          -        -          -          -                 -
      expired    -          -        -          -          -                 -
      cancelled  -          -        -          -          -                 -
      handed     -          -        -          -          -                 -
      failed     -          -        -          -          -                 -
    """)

  @Test("States: a message changes by the table only", arguments: message.cells)
  func messages(cell: Table.Cell) throws {
    let state = try #require(MessageState(rawValue: cell.row))
    let event = try #require(MessageEvent.allCases.first { "\($0)" == cell.column })
    let next = MessageState(rawValue: cell.value)
    #expect((next == nil) == (cell.value == "-"))
    #expect(state.next(event) == next)
  }

  @Test("States: a reminder changes by the table only", arguments: decisions.cells + outcomes.cells)
  func reminders(cell: Table.Cell) throws {
    let state = try #require(ReminderState(rawValue: cell.row))
    let event = try #require(ReminderEvent.allCases.first { "\($0)" == cell.column })
    let next = ReminderState(rawValue: cell.value)
    #expect((next == nil) == (cell.value == "-"))
    #expect(state.next(event) == next)
  }

  @Test("States: the tables name each state and each event once")
  func complete() {
    #expect(Self.message.rows.sorted() == MessageState.allCases.map(\.rawValue).sorted())
    #expect(Self.message.columns.sorted() == MessageEvent.allCases.map { "\($0)" }.sorted())
    #expect(Self.decisions.rows.sorted() == ReminderState.allCases.map(\.rawValue).sorted())
    #expect(Self.outcomes.rows.sorted() == Self.decisions.rows.sorted())
    #expect(
      (Self.decisions.columns + Self.outcomes.columns).sorted() == ReminderEvent.allCases.map { "\($0)" }.sorted())
  }

  @Test("States: final ones never change, but sent to failed by a receipt")
  func finalStates() {
    for state in MessageState.allCases where state.isFinal {
      for event in MessageEvent.allCases {
        let isReceipt = state == .sent && event == .receiptFailed
        #expect(state.next(event) == (isReceipt ? .failed : nil), "\(state) \(event)")
      }
    }
    for state in ReminderState.allCases where state.isFinal {
      for event in ReminderEvent.allCases {
        let isReceipt = state == .sent && event == .receiptFailed
        #expect(state.next(event) == (isReceipt ? .failed : nil), "\(state) \(event)")
      }
    }
  }

  @Test("States: from each state an end can be reached")
  func noDeadEnds() {
    for start in MessageState.allCases {
      let reached = Self.reachable(from: start) { state in MessageEvent.allCases.compactMap(state.next) }
      #expect(reached.filter(\.isFinal) != [])
    }
    for start in ReminderState.allCases {
      let reached = Self.reachable(from: start) { state in ReminderEvent.allCases.compactMap(state.next) }
      #expect(reached.filter(\.isFinal) != [])
    }
  }

  @Test(
    "States: an attempt ends as its outcome says",
    arguments: [
      (.delivered(code: "250", gatewayID: nil), .delivered), (.retry(after: nil, Fault(code: "451")), .retry),
      (.rejected(Fault(code: "550")), .rejected), (.misconfigured(Fault(code: "535")), .misconfigured),
      (.uncertain(Fault(code: "timeout")), .uncertain), (.withdrawn, .withdrawn),
    ] as [(Outcome, AttemptState)])
  func attempts(outcome: Outcome, state: AttemptState) {
    #expect(AttemptState(outcome) == state)
    #expect(outcome.word == state.rawValue)
    for from in AttemptState.allCases {
      #expect(from.next(outcome) == (from == .claimed ? state : nil), "\(from), once")
    }
  }

  private static func reachable<State: Hashable>(from start: State, next: (State) -> [State]) -> Set<State> {
    var seen: Set<State> = [start]
    var open = [start]
    while let state = open.popLast() {
      for found in next(state) where seen.insert(found).inserted { open.append(found) }
    }
    return seen
  }
}
