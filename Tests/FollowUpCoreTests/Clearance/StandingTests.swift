import FollowUpCore
import Testing

@Suite struct StandingTests {
  /// How an occurrence stands, and what becomes of a step of each kind: `send`, `wait`, or the reason why not; a `?` after it
  /// where it may yet apply.
  static let table = """
                unconfirmed  expected   confirmed     missed     completed
    open        send         send       unconfirmed?  wait       wait
    no          declined     send       declined?     wait       wait
    rearrange   rearrange    send       rearrange?    wait       wait
    call-me     call-me      send       call-me?      wait       wait
    confirmed   confirmed    send       send          wait       wait
    completed   completed    completed  completed     completed  send
    missed      missed       missed     missed        send       missed
    cancelled   cancelled    cancelled  cancelled     cancelled  cancelled
    """

  @Test("R12 check 2, R14: each kind of step against each standing of an occurrence", arguments: Table(table).cells)
  func standings(cell: Table.Cell) throws {
    let when = try #require(StepWhen(rawValue: cell.column))
    let (status, answer) = try Self.occurrence(cell.row)
    let expected: Standing
    switch cell.value {
    case "send": expected = .applies
    case "wait": expected = .notYet
    default:
      let word = cell.value.filter { $0 != "?" }
      expected = .not(try #require(Reason(rawValue: word)), forGood: !cell.value.hasSuffix("?"))
    }
    #expect(Standing.of(when, status: status, answer: answer) == expected)
  }

  @Test("R12 check 2: the table has each kind of step")
  func complete() {
    #expect(Set(Table(Self.table).columns) == Set(StepWhen.allCases.map(\.rawValue)))
  }

  @Test("R14: what a visit has come to says more than an answer", arguments: Answer.allCases)
  func statusFirst(answer: Answer) {
    #expect(Standing.of(.unconfirmed, status: .missed, answer: answer) == .not(.missed, forGood: true))
    #expect(Standing.of(.missed, status: .missed, answer: answer) == .applies)
  }

  private static func occurrence(_ row: String) throws -> (OccurrenceStatus, Answer) {
    if row == "confirmed" { return (.confirmed, .yes) }
    if let status = OccurrenceStatus(rawValue: row) { return (status, .none) }
    return (.open, try #require(Answer(rawValue: row)))
  }
}
