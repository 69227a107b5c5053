/// Seconds that each of several works takes, measured in turns so that a busy moment hits all of them alike.
struct Stopwatch {
  private var seconds: [String: [Double]] = [:]

  /// Runs `body`, which does `count` pieces of the work, and notes the seconds of one.
  mutating func time(_ work: String, count: Int, _ body: () throws -> Void) rethrows {
    let clock = ContinuousClock()
    let took = try clock.measure(body).components
    seconds[work, default: []].append((Double(took.seconds) + Double(took.attoseconds) / 1e18) / Double(count))
  }

  /// Medians, in seconds a piece.
  var medians: [String: Double] {
    seconds.mapValues { values in values.sorted()[values.count / 2] }
  }
}

/// Keeps the optimiser from leaving out what nobody looks at: it sees through an empty function that is not inlined.
@_optimize(none) func use<Value>(_ value: Value) {}
