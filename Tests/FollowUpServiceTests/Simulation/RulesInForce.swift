import FollowUpCore
import FollowUpSystem
import Support

/// Settings and zone files by when they were in force: what happened is judged by those of its own time.
struct RulesInForce {
  struct Span {
    var from: Instant
    var settings: Settings
    var zones: any ZoneSource
  }

  private(set) var spans: [Span]

  init(_ settings: Settings) {
    spans = [
      Span(
        from: .distantPast, settings: settings, zones: SystemZones(folder: Repository.fixture("vectors/zoneinfo")))
    ]
  }

  func at(_ instant: Instant) -> Span { spans.last { $0.from <= instant } ?? spans[0] }

  mutating func change(at instant: Instant, _ body: (inout Span) -> Void) {
    var span = at(instant)
    span.from = instant
    body(&span)
    spans.append(span)
  }

  /// The zone of that name, or the clinic's.
  func zone(_ name: String, at instant: Instant) throws -> Zone {
    let span = at(instant)
    return try span.zones.zone(named: name.isEmpty ? span.settings.clinic.zone : name)
  }
}

/// Zones of which one goes by another's rules.
struct ExchangedZones: ZoneSource {
  var base: any ZoneSource
  var exchanged: [String: String]
  var version: String? { base.version }

  func zone(named name: String) throws(ZoneError) -> Zone { try base.zone(named: exchanged[name] ?? name) }
}
