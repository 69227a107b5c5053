import FollowUpCore
import Testing

/// What holds of the three machines as wholes; each pair of (state, event) is in `DeliveryStatesTests`.
@Suite struct TransitionsTests {
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
