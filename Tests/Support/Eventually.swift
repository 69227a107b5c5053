/// Waits until `condition` holds, and fails with `what` and with what `seen` tells when the deadline passes.
///
/// It looks again every few milliseconds, so that a test takes as long as the thing it waits for, and no longer.
package func eventually(
  _ what: String, within limit: Duration = .seconds(20), seen: @Sendable () -> String = { "" },
  _ condition: () async throws -> Bool
) async throws {
  let clock = ContinuousClock()
  let deadline = clock.now + limit
  var pause = Duration.milliseconds(2)
  while true {
    if try await condition() { return }
    if clock.now >= deadline {
      let evidence = seen()
      throw HarnessError("not within \(limit): \(what)\(evidence.isEmpty ? "" : "\n" + evidence)")
    }
    try await Task.sleep(for: pause)
    pause = min(pause * 2, .milliseconds(50))
  }
}
