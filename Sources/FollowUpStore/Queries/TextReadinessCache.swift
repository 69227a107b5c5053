internal import FollowUpCore
internal import Synchronization

/// Whether there is a reviewed text (R12, check 7), looked up once for each template, language and channel.
final class TextReadinessCache: Sendable {
  private struct Key: Hashable {
    var template: String
    var language: String
    var channel: String
  }

  private let settings: Settings
  private let known = Mutex<[Key: TextReadiness]>([:])

  init(_ settings: Settings) { self.settings = settings }

  func of(_ template: String, language: String, channel: String) -> TextReadiness {
    let key = Key(template: template, language: language, channel: channel)
    return known.withLock { known in
      if let standing = known[key] { return standing }
      let standing: TextReadiness
      switch settings.templates.find(
        name: template, language: language, fallback: settings.languages.fallback, channel: channel)
      {
      case .reviewed: standing = .ready
      case .notReviewed: standing = .notReviewed
      case .missing: standing = .missing
      }
      known[key] = standing
      return standing
    }
  }
}
