/// What a program that ran to its end left behind.
package struct Finished: Sendable, CustomStringConvertible {
  package let ending: RunningProgram.Ending
  package let standardOutput: String
  package let standardError: String

  /// The exit code; nil if a signal ended it.
  package var code: Int32? {
    if case .exit(let code) = ending { code } else { nil }
  }

  package var description: String { "\(ending)\nstdout: \(standardOutput)\nstderr: \(standardError)" }
}

/// Runs a program to its end.
package func run(
  _ program: String, _ arguments: [String], environment: [String: String?] = [:], input: String? = nil,
  within limit: Duration = .seconds(60)
) async throws -> Finished {
  let running = try RunningProgram(program, arguments, environment: environment, input: input)
  let ending = try await running.wait(within: limit)
  return Finished(
    ending: ending, standardOutput: running.standardOutput, standardError: running.standardError)
}

/// Runs a program that the test relies on: anything but exit code 0 is the harness's failure.
@discardableResult
package func runOrFail(
  _ program: String, _ arguments: [String], environment: [String: String?] = [:], input: String? = nil,
  within limit: Duration = .seconds(60)
) async throws -> String {
  let finished = try await run(program, arguments, environment: environment, input: input, within: limit)
  guard finished.code == 0 else {
    throw HarnessError("\(program) \(arguments.joined(separator: " ")): \(finished)")
  }
  return finished.standardOutput
}
