import Foundation
import Glibc

/// Postfix's `smtp-sink`: takes mail and writes each message into a file of its own.
package final class SMTPSink: Sendable {
  package let port: Int
  private let folder: TemporaryDirectory
  private let process: RunningProgram

  /// Starts it and waits until it accepts. `options` are those of smtp-sink(1): `-r MAIL` refuses, `-W .:60` hangs, ….
  package init(_ options: [String] = [], port wanted: Int? = nil) async throws {
    folder = try TemporaryDirectory()
    port = try wanted ?? freePort()
    let user = getuid() == 0 ? ["-u", "nobody"] : []
    chmod(folder.path, 0o777)
    let port = self.port
    let process = try RunningProgram(
      FileManager.default.isExecutableFile(atPath: "/usr/sbin/smtp-sink") ? "/usr/sbin/smtp-sink" : "smtp-sink",
      user + options + ["-d", "%s-", "127.0.0.1:\(port)", "100"], workingDirectory: folder.path)
    self.process = process
    try await eventually("smtp-sink accepts", within: .seconds(5), seen: { process.standardError }) {
      guard process.isRunning else { throw HarnessError("smtp-sink ended: \(process.standardError)") }
      return accepts(port: port)
    }
  }

  deinit { process.send(SIGKILL) }

  /// The messages so far, each with the envelope that smtp-sink puts before it as `X-…` lines.
  package var messages: [String] {
    // It writes an empty line last: a file without one is not finished.
    folder.names().compactMap { try? folder.read($0) }.filter { $0.hasSuffix("\n\n") }
  }

  /// The recipients of the messages so far.
  package var recipients: [String] {
    messages.flatMap { message in
      message.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("X-Rcpt-Args: ") }
        .map { $0.dropFirst("X-Rcpt-Args: ".count).filter { !"<>".contains($0) } }
    }
  }

  /// Waits for at least `count` messages.
  @discardableResult
  package func wait(for count: Int, within limit: Duration = .seconds(30)) async throws -> [String] {
    try await eventually("\(count) messages at smtp-sink", within: limit, seen: { "\(self.messages.count) came" }) {
      messages.count >= count
    }
    return messages
  }

  package func stop() async { await process.stop() }
}

extension String {
  /// The value of a header of an e-mail, unfolded; nil if there is none.
  package func header(_ name: String) -> String? {
    let text = replacingOccurrences(of: "\r\n", with: "\n")
    let head = text.components(separatedBy: "\n\n").first ?? text
    var found: String?
    for line in head.components(separatedBy: "\n") {
      if found != nil {
        guard line.hasPrefix(" ") || line.hasPrefix("\t") else { break }
        found? += line
      } else if line.lowercased().hasPrefix("\(name.lowercased()):") {
        found = String(line.dropFirst(name.count + 1))
      }
    }
    return found?.trimmingCharacters(in: .whitespaces)
  }
}
