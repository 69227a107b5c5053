import FoundationEssentials

/// Random numbers that come again for the same seed (SplitMix64). A test that uses it names the seed when it fails;
/// `FOLLOWUP_SEED` repeats it.
struct SeededGenerator: RandomNumberGenerator {
  let seed: UInt64
  private var state: UInt64

  private static var wanted: UInt64? { ProcessInfo.processInfo.environment["FOLLOWUP_SEED"].flatMap(UInt64.init) }

  init(seed: UInt64 = Self.wanted ?? .random(in: 0 ... .max)) {
    self.seed = seed
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
