import FollowUpCore
import Testing

@Suite struct ClockBeliefTests {
  static let day: Int64 = 86_400
  static let build = Instant(rfc3339: "2026-11-01T00:00:00Z") ?? .distantPast
  static let newest = Instant(rfc3339: "2026-11-20T12:00:00Z") ?? .distantPast

  /// A reading some time after `newest`; `stepped` is how far someone set the wall clock besides.
  static func reading(after elapsed: Int64, stepped: Int64 = 0) -> ClockReading {
    ClockReading(wall: newest + elapsed + stepped, boot: (elapsed + 1_000_000) * 1_000_000_000)
  }

  /// A belief that began at `newest`, and was right to.
  static func started() -> ClockBelief {
    var belief = ClockBelief(buildDate: build)
    belief.atStart(now: reading(after: 0), newestRecorded: newest)
    return belief
  }

  @Test(
    "R6: at start, the clock is believed from the newest record on, for 60 days",
    arguments: [
      (-30 * day, ClockDoubt.beforeBuild), (-1, .beforeRecords), (0, nil), (60 * day, nil),
      (60 * day + 1, .farAfterRecords),
      (3650 * day, .farAfterRecords),
    ])
  func atStart(after: Int64, doubt: ClockDoubt?) {
    var belief = ClockBelief(buildDate: Self.build)
    #expect(belief.atStart(now: Self.reading(after: after), newestRecorded: Self.newest) == (doubt == nil))
    #expect(belief.belief == doubt.map(Belief.doubted) ?? .believed)
  }

  @Test("R6: an empty database sets no upper bound, and the build date is the lower one")
  func emptyDatabase() {
    for (wall, believed) in [(Self.build + 7300 * Self.day, true), (Self.build - 1, false), (Self.build, true)] {
      var belief = ClockBelief(buildDate: Self.build)
      #expect(belief.atStart(now: ClockReading(wall: wall, boot: 1), newestRecorded: nil) == believed)
    }
  }

  @Test(
    "R6: while running, the wall clock may stray a day from the time since boot, and no further",
    arguments: [
      (0, nil), (-3600, nil), (3600, nil), (day, nil), (-day, nil), (day + 1, ClockDoubt.jumpedForward),
      (-day - 1, .jumpedBack), (3650 * day, .jumpedForward), (-3650 * day, .jumpedBack),
    ])
  func whileRunning(stepped: Int64, doubt: ClockDoubt?) {
    for elapsed in [0, 3600, 90 * Self.day] {
      var belief = Self.started()
      #expect(belief.check(Self.reading(after: elapsed, stepped: stepped)) == doubt.map(Belief.doubted) ?? .believed)
    }
  }

  @Test("Promise 14: a backward step of an hour is believed")
  func hourBack() {
    var belief = Self.started()
    #expect(belief.check(Self.reading(after: 600, stepped: -3600)).isBelieved)
  }

  @Test("Promise 15: a clock a day or ten years ahead is not believed until it is right again")
  func aheadAndRightAgain() {
    for stepped in [Self.day + 60, 3650 * Self.day] {
      var belief = Self.started()
      #expect(belief.check(Self.reading(after: 60, stepped: stepped)).reason == "jumped-forward")
      #expect(belief.check(Self.reading(after: 120, stepped: stepped)).reason == "jumped-forward")
      #expect(belief.check(Self.reading(after: 180)).isBelieved)
    }
  }

  @Test("R6: a machine that slept for months is believed, for the time since boot counts sleep")
  func sleep() {
    var belief = Self.started()
    #expect(belief.check(Self.reading(after: 200 * Self.day)).isBelieved)
  }

  @Test("R6: many small steps in one direction are one large one")
  func creeping() {
    var belief = Self.started()
    #expect(belief.check(Self.reading(after: 60, stepped: 72_000)).isBelieved)
    #expect(belief.check(Self.reading(after: 120, stepped: 144_000)).reason == "jumped-forward")
  }

  @Test("R6: a doubt at start ends once the clock is within its bounds, and later steps count from there")
  func doubtAtStartEnds() {
    var belief = ClockBelief(buildDate: Self.build)
    belief.atStart(now: Self.reading(after: 0, stepped: -3650 * Self.day), newestRecorded: Self.newest)
    #expect(belief.check(Self.reading(after: 60, stepped: -3650 * Self.day)).reason == "before-build")
    #expect(belief.check(Self.reading(after: 120)).isBelieved)
    #expect(belief.check(Self.reading(after: 180, stepped: 2 * Self.day)).reason == "jumped-forward")
  }

  @Test("R6: what staff vouch for is believed, and later steps count from there")
  func released() {
    var belief = Self.started()
    let stepped = 100 * Self.day
    #expect(!belief.check(Self.reading(after: 60, stepped: stepped)).isBelieved)
    belief.release(at: Self.reading(after: 61, stepped: stepped))
    #expect(belief.belief.isBelieved)
    #expect(belief.check(Self.reading(after: 120, stepped: stepped)).isBelieved)
    #expect(belief.check(Self.reading(after: 180)).reason == "jumped-back")
  }

  @Test("R6: a doubt at start can be vouched for too")
  func releasedAtStart() {
    var belief = ClockBelief(buildDate: Self.build)
    #expect(belief.atStart(now: Self.reading(after: 90 * Self.day), newestRecorded: Self.newest) == false)
    belief.release(at: Self.reading(after: 90 * Self.day))
    #expect(belief.check(Self.reading(after: 91 * Self.day)).isBelieved)
  }
}
