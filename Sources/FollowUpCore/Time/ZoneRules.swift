/// One kind of local time: how far from UTC, and what it is called.
struct LocalTimeType: Hashable, Sendable {
  /// Seconds east of UTC.
  var offset: Int
  var abbreviation: String
}

/// The transitions of a zone, ready for look-ups in both directions: those of its file, and then four hundred years of its
/// footer's rule, which the Gregorian calendar repeats for ever after.
final class ZoneRules: Sendable {
  /// When each transition happens, ascending.
  private let times: [Int64]
  /// The local second from which a civil time belongs to the transition's own offset: past the gap, or past the overlap.
  private let locals: [Int64]
  private let types: [LocalTimeType]
  /// In force before the first transition.
  private let initial: LocalTimeType
  /// From here on, times repeat those of four hundred years before; never if no rule goes on.
  private let repeatsFrom: Int64

  /// Days of 400 Gregorian years, in seconds; a whole number of weeks.
  static let cycle: Int64 = 146_097 * 86_400

  init(constant type: LocalTimeType) {
    times = []
    locals = []
    types = []
    initial = type
    repeatsFrom = .max
  }

  init(_ file: TZifFile) {
    var transitions = file.transitions
    var initial = file.initial
    var repeatsFrom = Int64.max
    if let rule = file.rule {
      if transitions.isEmpty { initial = rule.standard }
      let last = transitions.last?.time ?? Self.earliest
      let firstYear = CivilDateTime(localSeconds: last).date.year
      let ruled = rule.transitions(years: firstYear - 1...firstYear + 403).filter { $0.time > last }
      transitions += ruled
      if !ruled.isEmpty {
        repeatsFrom = Int64(CivilDate.dayNumber(year: firstYear + 402, month: 1, day: 1)) * 86_400
      }
    }
    var times: [Int64] = []
    var locals: [Int64] = []
    var types: [LocalTimeType] = []
    var before = initial
    for transition in transitions where transition.type != before {
      let local = transition.time + Int64(max(before.offset, transition.type.offset))
      times.append(transition.time)
      // Ascending even if a file changes the offset by more than the time since the last change.
      locals.append(max(local, locals.last ?? .min))
      types.append(transition.type)
      before = transition.type
    }
    self.times = times
    self.locals = locals
    self.types = types
    self.initial = initial
    self.repeatsFrom = repeatsFrom
  }

  /// Where a rule begins that no transition precedes: 1800-01-01.
  private static let earliest: Int64 = -5_364_662_400

  func type(at time: Int64) -> LocalTimeType {
    let (time, _) = folded(time)
    return type(Self.count(of: times, upTo: time))
  }

  func instant(ofLocalSeconds local: Int64) -> Int64 {
    let (local, cycles) = folded(local)
    return local - Int64(type(Self.count(of: locals, upTo: local)).offset) + cycles
  }

  func stretch(at time: Int64) -> ZoneStretch {
    let (time, cycles) = folded(time)
    let index = Self.count(of: times, upTo: time)
    return ZoneStretch(
      start: index == 0 ? .min : times[index - 1] + cycles, end: index == times.count ? .max : times[index] + cycles,
      offset: Int64(type(index).offset))
  }

  private func type(_ index: Int) -> LocalTimeType { index == 0 ? initial : types[index - 1] }

  /// The time within the table that is like `time`, and how many seconds of whole cycles lie between.
  private func folded(_ time: Int64) -> (time: Int64, cycles: Int64) {
    guard time >= repeatsFrom else { return (time, 0) }
    let cycles = ((time - repeatsFrom) / Self.cycle + 1) * Self.cycle
    return (time - cycles, cycles)
  }

  /// How many of the ascending values are not after `value`.
  private static func count(of values: [Int64], upTo value: Int64) -> Int {
    values.withUnsafeBufferPointer { values in
      var low = 0
      var high = values.count
      while low < high {
        let middle = (low + high) / 2
        if values[middle] <= value { low = middle + 1 } else { high = middle }
      }
      return low
    }
  }
}
