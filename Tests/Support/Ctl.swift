/// `followupctl` as staff or a script runs it.
package struct Ctl: Sendable {
  package let socket: String

  package init(socket: String) { self.socket = socket }

  /// Runs it with `--json` and returns what came, whatever the exit code.
  package func attempt(_ arguments: [String], input: String? = nil) async throws -> Answer {
    let finished = try await run(
      ProgramUnderTest.followupctl, ["--json"] + arguments,
      environment: ["FOLLOWUPD_SOCKET": socket, "NO_COLOR": "1", "FOLLOWUPD_INSTANCE": nil], input: input)
    return Answer(arguments: arguments, finished: finished)
  }

  /// Runs it with `--json` and returns the document; any exit code but 0 fails.
  @discardableResult
  package func callAsFunction(_ arguments: String...) async throws -> JSON {
    let answer = try await attempt(arguments)
    guard answer.code == 0 else {
      throw HarnessError("followupctl \(arguments.joined(separator: " ")): \(answer.finished)")
    }
    return try answer.document
  }

  /// Runs it for people: no `--json`. Any exit code but 0 fails.
  @discardableResult
  package func text(_ arguments: String...) async throws -> String {
    try await runOrFail(
      ProgramUnderTest.followupctl, arguments,
      environment: ["FOLLOWUPD_SOCKET": socket, "NO_COLOR": "1", "FOLLOWUPD_INSTANCE": nil])
  }

  /// The exit code and the documents of one run.
  package struct Answer: Sendable {
    package let arguments: [String]
    package let finished: Finished

    package var code: Int32? { finished.code }
    /// What stands on standard output, parsed.
    package var document: JSON { get throws { try JSON(parsing: finished.standardOutput) } }
    /// The error object on standard error; `.null` members if there is none.
    package var failure: JSON { (try? JSON(parsing: finished.standardError)) ?? .null }
  }
}
