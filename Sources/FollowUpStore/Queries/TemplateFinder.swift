internal import FollowUpCore
internal import Synchronization

/// The text for each template, language and channel, looked up once: a batch asks for the same few again and again.
final class TemplateFinder: Sendable {
  private struct Key: Hashable {
    var template: String
    var language: String
    var channel: String
  }

  private let settings: Settings
  private let known = Mutex<[Key: TemplateSet.Found]>([:])

  init(_ settings: Settings) { self.settings = settings }

  func find(_ template: String, language: String, channel: String) -> TemplateSet.Found {
    let key = Key(template: template, language: language, channel: channel)
    return known.withLock { known in
      if let found = known[key] { return found }
      let found = settings.templates.find(
        name: template, language: language, fallback: settings.languages.fallback, channel: channel)
      known[key] = found
      return found
    }
  }
}
