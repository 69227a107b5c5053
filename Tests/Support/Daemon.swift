import Foundation
import Glibc
import Synchronization

/// A running `followupd` with a state directory, a configuration and a socket of its own.
///
/// The state outlives a `kill`: `start` after it resumes with the same database.
package final class Daemon: Sendable {
  package let folder: TemporaryDirectory
  private let process = Mutex<RunningProgram?>(nil)
  private let notifications = Mutex<NotifySocket?>(nil)
  private let starts = Mutex(0)

  package var socket: String { folder.path("control.sock") }
  package var state: String { folder.path("state") }
  package var database: String {
    folder.names(in: "state").first { $0.hasSuffix(".db") || $0.hasSuffix(".sqlite") }.map { "\(state)/\($0)" } ?? state
  }
  package var configuration: String { folder.path("etc/followupd.toml") }
  package var ctl: Ctl { Ctl(socket: socket) }
  package var program: RunningProgram {
    get throws {
      guard let running = process.withLock({ $0 }) else { throw HarnessError("the daemon was never started") }
      return running
    }
  }
  package var log: String { process.withLock { $0?.standardError } ?? "" }
  package var notified: [String] { notifications.withLock { $0?.lines } ?? [] }

  /// Writes the configuration and the credentials; starts nothing yet.
  package init(_ clinic: ClinicFile, credentials: [String: String] = [:]) throws {
    folder = try TemporaryDirectory()
    try write(clinic)
    for (name, secret) in credentials { try folder.write("credentials/\(name)", secret, mode: 0o600) }
    try folder.write("credentials/.keep", "")
    try FileManager.default.createDirectory(
      atPath: state, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  }

  deinit { process.withLock { $0?.send(SIGKILL) } }

  package func write(_ clinic: ClinicFile) throws {
    try folder.write("etc/followupd.toml", clinic.text)
    for (name, text) in clinic.plans { try folder.write("etc/plans.d/\(name).toml", text) }
    for (name, text) in clinic.templates { try folder.write("etc/templates/\(name)", text) }
  }

  /// Starts it and waits for READY=1.
  package func start(environment: [String: String?] = [:], within limit: Duration = .seconds(30)) async throws {
    let number = starts.withLock { count in
      count += 1
      return count
    }
    let notify = try NotifySocket(path: folder.path("notify\(number).sock"))
    var merged: [String: String?] = [
      "NOTIFY_SOCKET": notify.path, "STATE_DIRECTORY": state, "FOLLOWUPD_SOCKET": socket,
      "CREDENTIALS_DIRECTORY": folder.path("credentials"), "FOLLOWUPD_INSTANCE": nil,
    ]
    merged.merge(environment) { $1 }
    let started = try RunningProgram(
      ProgramUnderTest.followupd, ["--config", configuration], environment: merged, workingDirectory: folder.path)
    process.withLock { $0 = started }
    notifications.withLock { $0 = notify }
    try await eventually("followupd is ready", within: limit, seen: { started.standardError }) {
      guard started.isRunning else {
        throw HarnessError("followupd ended with \(String(describing: started.ending)):\n\(started.standardError)")
      }
      return notify.lines.contains("READY=1")
    }
  }

  /// SIGTERM, and the wait for its end.
  @discardableResult
  package func stop(within limit: Duration = .seconds(30)) async throws -> RunningProgram.Ending {
    let running = try program
    running.send(SIGTERM)
    return try await running.wait(within: limit)
  }

  /// As a power switch would: SIGKILL, and the wait for its end.
  package func kill() async throws {
    let running = try program
    running.send(SIGKILL)
    try await running.wait()
  }

  /// The content of every table in a fixed order, to show that a refused command changed nothing.
  ///
  /// `.dump` through a connection of its own sees what is committed, the write-ahead log included.
  package func dump() async throws -> String {
    try await runOrFail("sqlite3", ["-readonly", "file:\(database)?mode=ro", ".dump"])
  }

  /// One value or one row a line, as the sqlite3 shell prints them.
  package func query(_ sql: String) async throws -> [String] {
    try await runOrFail("sqlite3", ["-readonly", "file:\(database)?mode=ro", sql])
      .split(separator: "\n").map(String.init)
  }
}

/// Runs `body` with a started daemon and stops it after that.
package func withDaemon<Value>(
  _ clinic: ClinicFile = ClinicFile(), credentials: [String: String] = [:],
  _ body: (Daemon) async throws -> Value
) async throws -> Value {
  let daemon = try Daemon(clinic, credentials: credentials)
  try await daemon.start()
  do {
    let value = try await body(daemon)
    try await daemon.stop()
    return value
  } catch {
    await (try? daemon.program)?.stop()
    throw error
  }
}
