import FollowUpCore
import Testing

@Suite struct ClearanceRecordTests {
  @Test("R12: what failed is kept in the order of the checks, and read back")
  func roundTrip() throws {
    let facts = Facts.sendable { ($0.isHeld, $0.contacts[0].sentToday) = (true, 2) }
    let record = try #require(ClearanceRecord(Clearance(facts, now: Facts.now + 10 * Facts.hour)))
    #expect(record.stored == "5:held 8:outside-hours 9:budget")
    #expect(ClearanceRecord(stored: record.stored) == record)
    #expect(record.reason(of: .hours) == .outsideHours)
    #expect(record.reason(of: .patient) == nil)
  }

  @Test("What passes every check leaves no record")
  func nothingFailed() {
    #expect(ClearanceRecord(Clearance(Facts.sendable(), now: Facts.now)) == nil)
  }

  @Test("Every reason of R12's table belongs to its check", arguments: Reason.allCases)
  func reasons(reason: Reason) {
    guard let record = ClearanceRecord(reason) else {
      let others: [Reason] = [
        .late, .later, .planChanged, .retry, .deliveryFailed, .uncertainDelivery, .recomposed, .withdrawn, .unreadable,
        .droppedByStaff, .trial,
      ]
      #expect(others.contains(reason))
      return
    }
    #expect(record.failures.count == 1)
    #expect(ClearanceRecord(stored: record.stored) == record)
  }

  @Test(
    "Other text is no record", arguments: ["", " ", "5", "5:", ":held", "0:held", "10:held", "5:nonsense", "5:held "])
  func damaged(text: String) {
    #expect(ClearanceRecord(stored: text) == nil)
  }
}
