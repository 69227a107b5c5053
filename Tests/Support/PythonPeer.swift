import Foundation
import Glibc

/// A peer written in Python over a public library: a script of `Tests/Fixtures/peers` that listens on a port and appends
/// what it saw to a file, one JSON document a line.
package final class PythonPeer: Sendable {
  package let port: Int
  private let folder: TemporaryDirectory
  private let process: RunningProgram

  /// Starts `script --port N --out FILE …` and waits until it accepts.
  package init(_ script: String, _ arguments: [String] = []) async throws {
    folder = try TemporaryDirectory()
    port = try freePort()
    let port = self.port
    let process = try RunningProgram(
      Repository.python,
      [Repository.fixture("peers/\(script)"), "--port", "\(port)", "--out", folder.path("seen")] + arguments)
    self.process = process
    try await eventually("\(script) accepts", within: .seconds(20), seen: { process.standardError }) {
      guard process.isRunning else { throw HarnessError("\(script) ended: \(process.standardError)") }
      return accepts(port: port)
    }
  }

  deinit { process.send(SIGKILL) }

  /// What it saw so far, oldest first.
  package var seen: [JSON] {
    ((try? folder.read("seen")) ?? "").split(separator: "\n").compactMap { try? JSON(parsing: String($0)) }
  }

  @discardableResult
  package func wait(for count: Int, within limit: Duration = .seconds(30)) async throws -> [JSON] {
    let process = self.process
    try await eventually(
      "\(count) records of the peer", within: limit, seen: { "\(self.seen.count) came\n\(process.standardError)" }
    ) { seen.count >= count }
    return seen
  }

  /// Opens the gate of a peer that was started closed.
  package func open() throws { try folder.write("seen.open", "") }

  package func stop() async { await process.stop() }
}
