/// Where R8 leaves a planned instant.
package enum Placement: Hashable, Sendable {
  /// It lies in contact hours.
  case asPlanned
  case forward(Instant)
  case back(Instant)
  /// `no-permitted-time`.
  case none
}

/// R8: moves a planned instant that lies outside contact hours: forward to the first allowed minute before `forwardLimit`;
/// else back to the last one before `planned` that is ahead of `now`; else forward to any before `expires`.
///
/// The planner derives `forwardLimit` from the step's lead and days; for other than before-steps it equals `expires`.
package func place(
  planned: Instant, forwardLimit: Instant, expires: Instant, now: Instant, hours: ContactHours, zone: Zone
) -> Placement {
  if hours.allows(planned, in: zone) { return .asPlanned }
  if let instant = hours.firstAllowed(atOrAfter: planned, before: forwardLimit, in: zone) { return .forward(instant) }
  if let instant = hours.lastAllowed(before: planned, after: now, in: zone) { return .back(instant) }
  let rest = max(planned, forwardLimit)
  if let instant = hours.firstAllowed(atOrAfter: rest, before: expires, in: zone) { return .forward(instant) }
  return .none
}
