import FollowUpCore
import FollowUpStore
import FollowUpSystem
import Foundation

/// Planning into SQLite: 100,000 reminders for the first time, and all of them anew because the hours changed.
struct PlanningFigures {
  private static let occurrences = 25_000
  /// Occurrences of one transaction.
  private static let batch = 250
  private static let now = Instant(1_795_456_800)

  private let store: SQLiteStore
  private let zones = SystemZones(environment: ["TZDIR": ""])

  init(folder: String) throws {
    store = try SQLiteStore(StateDirectory(path: folder), mode: .live, now: Self.now)
  }

  func measure(rounds: Int) throws -> [String: Double] {
    var watch = Stopwatch()
    let steps = DecisionFigures.plan.steps.count
    try addPatients()
    try watch.time("plan first", count: Self.occurrences * steps) { try plan(Self.settings(hour: 9)) }
    let few = Self.occurrences / 10
    var memory: [Double] = []
    for round in 0..<rounds {
      // Other hours each time, so that each row is another one.
      let settings = Self.settings(hour: 10 + round % 2)
      try watch.time("plan anew", count: Self.occurrences * steps) { try planAnew(settings) }
      let again = Self.settings(hour: 12 + round % 2)
      let grownByFew = try growth { try planAnew(again, occurrences: few) }
      let grownByAll = try growth { try planAnew(again) }
      memory.append(grownByAll - grownByFew)
    }
    var figures = watch.medians.mapValues { 1 / $0 }
    figures["memory"] = memory.sorted()[memory.count / 2]
    try store.close()
    return figures
  }

  private static func settings(hour: Int) -> Settings {
    var settings = Settings(clinic: Clinic(name: "Riverside", zone: "America/Vancouver", phone: "+1 604 555 0100"))
    settings.plans["visit"] = DecisionFigures.plan
    settings.contactHours.week = ContactHours(daily: [HourRange(start: hour * 60, end: 19 * 60)].compactMap(\.self))
    return settings
  }

  private func addPatients() throws {
    let zone = try zones.zone(named: "America/Vancouver")
    let first = CivilDate.literal("2027-01-04")
    for start in stride(from: 0, to: Self.occurrences, by: 1000) {
      try store.write { transaction in
        for number in start..<start + 1000 {
          let patient = try transaction.insert(Patient(ref: "p\(number)", name: "Patient \(number)", now: Self.now))
          let anchor = CivilDateTime(date: first.adding(days: number % 300), time: .literal("14:30"))
          let followUp = try transaction.insert(
            FollowUp(
              patientID: patient, plan: "visit", priority: .routine, owner: .frontDesk, anchor: anchor, zone: zone.name,
              now: Self.now))
          _ = try transaction.insert(
            Occurrence(
              followUpID: followUp, key: anchor.date, anchor: anchor, zone: zone.name,
              anchorAt: zone.instant(of: anchor), now: Self.now))
        }
      }
    }
  }

  private func plan(_ settings: Settings) throws {
    for start in stride(from: 1, through: Self.occurrences, by: Self.batch) {
      try store.write { transaction in
        for occurrence in start..<start + Self.batch {
          _ = try transaction.plan(occurrence: Int64(occurrence), settings: settings, zones: zones, now: Self.now)
        }
      }
    }
  }

  /// As the dispatcher does after a reload, batch by batch.
  private func planAnew(_ settings: Settings, occurrences: Int = Self.occurrences) throws {
    let replanner = try Replanner(settings, zones)
    var after: Int64? = 0
    while let start = after, start < Int64(occurrences) {
      after = try store.write { try $0.planAnew(after: start, by: replanner, now: Self.now).next }
    }
  }

  /// By how many megabytes the peak of resident memory exceeds what was resident before.
  private func growth(_ body: () throws -> Void) throws -> Double {
    try "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
    let before = Self.megabytes("VmRSS:")
    try body()
    return Self.megabytes("VmHWM:") - before
  }

  private static func megabytes(_ key: String) -> Double {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix(key) } ?? ""
    return (line.split(whereSeparator: { !$0.isNumber }).first.flatMap { Double($0) } ?? 0) / 1024
  }
}
