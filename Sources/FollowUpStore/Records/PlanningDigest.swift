package import FollowUpCore
internal import FoundationEssentials

/// What all open reminders were planned by: another digest plans them anew (R3, R10).
package struct PlanningDigest: Sendable, Hashable {
  /// Of the plans, the contact hours and the clinic's zone, and of how they are applied.
  package var rules: String
  /// Of the zone files' rules.
  package var zones: String

  /// Raised when the planner makes other instants of the same plan.
  private static let planner = "1"

  package init(_ settings: Settings, _ zones: any ZoneSource) throws {
    let plans = try settings.plans.sorted { $0.key < $1.key }.map { try $0.value.stored() }
    let hours = Weekday.allCases.map { day in
      settings.contactHours.week.ranges(on: day).map(\.description).joined(separator: ",")
    }
    let parts = [Self.planner, settings.clinic.zone] + hours + plans
    rules = String(Transaction.digest(parts.joined(separator: "\n")).prefix(32))
    self.zones = String(zones.fingerprint, radix: 16)
  }

  fileprivate init?(text: Substring) {
    let parts = text.split(separator: " ")
    guard parts.count == 2 else { return nil }
    (rules, zones) = (String(parts[0]), String(parts[1]))
  }

  fileprivate var text: String { "\(rules) \(zones)" }
}

/// What the database records of it.
package struct PlannedBy: Sendable, Equatable {
  /// Nil before the first time.
  package var digest: PlanningDigest?
  /// Planning anew began and did not end: some rows are by this digest, some by another.
  package var isUnderWay: Bool

  init(_ text: String) {
    isUnderWay = text.hasPrefix("~")
    digest = PlanningDigest(text: isUnderWay ? text.dropFirst() : text[...])
  }

  var text: String { (isUnderWay ? "~" : "") + (digest?.text ?? "") }

  /// Whether everything open is planned by `digest`.
  package func isAll(_ digest: PlanningDigest) -> Bool { !isUnderWay && self.digest == digest }
}
