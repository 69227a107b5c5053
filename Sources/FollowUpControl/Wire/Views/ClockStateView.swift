/// Whether the clock is believed (R6).
package struct ClockStateView: Codable, Equatable, Sendable {
  package var believed: Bool

  package init(believed: Bool) {
    self.believed = believed
  }
}
