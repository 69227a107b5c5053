import FollowUpCore
import Testing

@Suite struct RecurrenceVectorTests {
  struct Row: Decodable, Sendable {
    var rule: String
    var anchor: CivilDate
    var dates: [CivilDate]
    var finished: Bool
  }

  @Test("R5: each worked rule yields its dates", arguments: try Vectors.rows("recurrence.json", of: Row.self))
  func dates(row: Row) throws {
    let rule = try RecurrenceRule(row.rule, anchor: row.anchor)
    var found: [CivilDate] = []
    while found.count < row.dates.count, let date = rule.next(after: found.last ?? row.anchor.adding(days: -1)) {
      found.append(date)
    }
    #expect(found == row.dates)
    let last = try #require(row.dates.last)
    #expect((rule.next(after: last) == nil) == row.finished)
    if row.finished { #expect(rule.next(after: last.adding(days: -1)) == last) }
    #expect(rule.first == row.dates.first)
    #expect(row.dates.allSatisfy(rule.contains))
  }

  @Test(
    "R5: each worked rule reads back from its own text as the same rule",
    arguments: try Vectors.rows("recurrence.json", of: Row.self))
  func texts(row: Row) throws {
    let rule = try RecurrenceRule(row.rule, anchor: row.anchor)
    #expect(try RecurrenceRule(rule.text, anchor: row.anchor) == rule)
    #expect(try RecurrenceRule(row.rule, anchor: row.anchor, last: rule.last) == rule)
  }
}
