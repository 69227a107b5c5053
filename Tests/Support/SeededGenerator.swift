internal import FoundationEssentials

/// Random numbers that come again for the same seed (SplitMix64). A test that uses it names the seed when it fails;
/// `FOLLOWUP_SEED` repeats it.
package struct SeededGenerator: RandomNumberGenerator {
  package let seed: UInt64
  private var state: UInt64

  private static var wanted: UInt64? { ProcessInfo.processInfo.environment["FOLLOWUP_SEED"].flatMap(UInt64.init) }

  /// The seed that `FOLLOWUP_SEED` names, else another one each time.
  package init() { self.init(seed: Self.wanted ?? .random(in: 0 ... .max)) }

  package init(seed: UInt64) {
    self.seed = seed
    state = seed
  }

  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// A number of a range.
  package mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }
  /// True once in `of` times.
  package mutating func chance(_ of: Int) -> Bool { number(1...of) == 1 }
  /// One of several; there must be some.
  package mutating func one<Value>(_ values: [Value]) -> Value { values[number(0...values.count - 1)] }
}
