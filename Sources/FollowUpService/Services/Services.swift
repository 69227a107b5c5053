internal import Dispatch
internal import FollowUpControl
internal import FollowUpStore
internal import FollowUpSystem
internal import Glibc
internal import ServiceLifecycle

/// Tells the service manager that the daemon is ready, and that it stops. Of a group's services the last one learns first
/// of a stop: listed there, it tells before the others have ended what is in flight.
struct StateService: Service {
  let begin: @Sendable () -> Void
  let end: @Sendable () -> Void

  func run() async throws {
    begin()
    try await gracefulShutdown()
    end()
  }
}

/// Answers commands until the daemon is told to stop.
struct ControlService: Service {
  let server: ControlServer

  func run() async throws {
    try await gracefulShutdown()
    await server.stop(within: 5)
  }
}

/// Sends until the daemon is told to stop, then ends what is in flight and records it.
struct DispatchService: Service {
  let dispatcher: Dispatcher

  /// How long what has begun may take to end, in seconds: less than systemd's `TimeoutStopSec`.
  private static let grace = 20.0

  func run() async throws {
    try await gracefulShutdown()
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        dispatcher.stop(within: Self.grace)
        continuation.resume()
      }
    }
  }
}

/// Reloads at each SIGHUP.
struct ReloadService: Service {
  let reload: @Sendable () -> Void

  func run() async throws {
    let (hangups, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    signal(SIGHUP, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: SIGHUP, queue: .global())
    source.setEventHandler { continuation.yield() }
    source.activate()
    await withGracefulShutdownHandler {
      for await _ in hangups {
        // It waits for the disk, and perhaps for a foreign writer: not on a thread of Swift's own.
        await withCheckedContinuation { done in
          DispatchQueue.global().async {
            reload()
            done.resume()
          }
        }
      }
    } onGracefulShutdown: {
      continuation.finish()
    }
    source.cancel()
  }
}

/// Tells systemd's watchdog of real progress: a beat goes out only after the dispatcher's queue has answered the one
/// before. Waiting for a foreign writer of the database counts as progress (promise 11).
struct WatchdogService: Service {
  let dispatcher: Dispatcher
  let store: SQLiteStore
  let notifier: Notifier
  let journal: Journal

  func run() async throws {
    guard let microseconds = notifier.watchdogMicroseconds else { return try await gracefulShutdown() }
    let interval = Double(microseconds) / 2_000_000
    let pulse = Pulse()
    await cancelWhenGracefulShutdown {
      while (try? await Task.sleep(for: .seconds(interval))) != nil {
        if pulse.isAnswered || store.isWaiting {
          notifier.tell(.watchdog)
        } else {
          journal.log(.watchdogLate, [.seconds: String(Int(interval))])
        }
        pulse.ask(dispatcher)
      }
    }
  }
}

/// Ends the daemon with an error that came up while it ran.
struct FailureService: Service {
  let failures: AsyncStream<StartError>

  func run() async throws {
    for await failure in failures.cancelOnGracefulShutdown() { throw failure }
  }
}
