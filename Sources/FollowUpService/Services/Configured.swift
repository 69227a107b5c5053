internal import FollowUpCore
internal import Synchronization

/// The configuration in force.
final class Configured: Sendable {
  private let value: Mutex<Settings>

  init(_ settings: Settings) { value = Mutex(settings) }

  var settings: Settings {
    get { value.withLock { $0 } }
    set { value.withLock { $0 = newValue } }
  }
}
