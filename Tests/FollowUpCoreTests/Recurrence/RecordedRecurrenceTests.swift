import FollowUpCore
import Testing

/// What python-dateutil said of random rules: their first dates, and which date comes after days up to 28 years on.
@Suite struct RecordedRecurrenceTests {
  @Test("R5: each recorded rule yields the dates that dateutil yields")
  func dates() throws {
    for row in try Vectors.recorded("recurrence.json", of: Row.self) {
      let comment: Comment = "\(row.rule) from \(row.anchor)"
      let rule = try RecurrenceRule(row.rule, anchor: row.anchor)
      var found: [CivilDate] = []
      var date = row.anchor.adding(days: -1)
      while found.count < row.dates.count, let next = rule.next(after: date) {
        found.append(next)
        date = next
      }
      #expect(found == row.dates, comment)
      #expect(rule.first == row.dates.first, comment)
    }
  }

  @Test("R5: from any day on, each recorded rule finds the date that dateutil comes to")
  func after() throws {
    var looked = 0
    for row in try Vectors.recorded("recurrence.json", of: Row.self) {
      let rule = try RecurrenceRule(row.rule, anchor: row.anchor)
      for pair in row.after {
        let start = try #require(pair.first ?? nil)
        #expect(rule.next(after: start) == pair.last ?? nil, "\(row.rule) from \(row.anchor), after \(start)")
        looked += 1
      }
    }
    #expect(looked > 1000)
  }

  private struct Row: Decodable {
    var rule: String
    var anchor: CivilDate
    var dates: [CivilDate]
    var after: [[CivilDate?]]
  }
}
