internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpDelivery
internal import FollowUpDigest
internal import Synchronization

/// Runs `channel test`: an adapter of its own, so that what is sent to patients neither waits for it nor sees it. One at a
/// time for each channel, for each blocks a thread.
final class ChannelTests: Sendable {
  private let registry: ChannelRegistry
  private let clock: any Clock
  private let running = Mutex<Set<String>>([])

  /// How long a test may take, in seconds: less than the patience of `followupctl`.
  private static let patience = 60.0

  init(registry: ChannelRegistry, clock: any Clock) {
    self.registry = registry
    self.clock = clock
  }

  /// Blocks until the last stage, a minute at most.
  /// - Parameter sends: false: it connects and logs in only.
  /// - Throws: `ControlError` where the settings will not do, or a test of the channel is under way.
  func run(_ name: String, address: String, sends: Bool, settings: Settings) throws -> [TestStage] {
    guard let channel = settings.channels[name] else { throw ControlError.unexpected("TestChannel") }
    guard running.withLock({ $0.insert(name).inserted }) else {
      throw ControlError(
        .later, what: "channel test", why: "a test of \(name) is under way", hint: "wait for it, a minute at most")
    }
    defer { running.withLock { _ = $0.remove(name) } }
    let adapter = try adapter(channel, settings)
    defer { adapter.stop(within: 1) }
    do throws(RenderError) {
      let message = try adapter.render(draft(name, address, settings))
      return adapter.test(sends ? message : nil, within: Self.patience)
    } catch {
      return [TestStage(.accepted, passed: false, seconds: 0, code: error.code)]
    }
  }

  private func adapter(_ channel: ChannelSettings, _ settings: Settings) throws(ControlError) -> any Adapter {
    func refused(_ key: String, _ why: String, _ hint: String) -> ControlError {
      ControlError(.configuration, what: "channel test", why: "\(key): \(why)", hint: hint)
    }
    do {
      return try registry.adapter(channel, settings)
    } catch let error as MissingCredential {
      throw refused(error.key, error.why, error.hint)
    } catch let error as ChannelFault {
      throw refused(error.key, error.why, error.hint)
    } catch {
      throw ControlError.unexpected("channel test")
    }
  }

  /// Marked as a test, with the clinic's name and no patient's.
  private func draft(_ channel: String, _ address: String, _ settings: Settings) -> MessageDraft {
    MessageDraft(
      identity: "test-" + hex(RandomKey.make(bytes: 16)), channel: channel, address: address,
      subject: "Test of followupd: channel \(channel)",
      text: "Test of followupd at \(settings.clinic.name): the channel \(channel) works. It concerns no patient; "
        + "nothing needs to be done.",
      language: "en", composedAt: clock.now(), clinicName: settings.clinic.name)
  }
}
