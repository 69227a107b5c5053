import Foundation
import Support

@testable import FollowUpControl

/// Runs `followupctl` at a terminal, as staff do: script(1) of util-linux makes one.
enum Terminal {
  static func run(
    _ arguments: [String], typing input: String, against daemon: ScriptedDaemon, environment: [String: String?] = [:]
  ) async throws -> Finished {
    let words = ([ProgramUnderTest.followupctl] + arguments).map { "'" + $0.replacing("'", with: "'\\''") + "'" }
    var merged: [String: String?] = [
      "FOLLOWUPD_SOCKET": daemon.socket, "FOLLOWUPD_INSTANCE": nil, "NO_COLOR": nil, "TERM": "xterm", "TZ": "UTC",
    ]
    for (name, value) in environment { merged[name] = value }
    return try await Support.run(
      "script", ["-qec", words.joined(separator: " "), "/dev/null"], environment: merged, input: input)
  }
}
