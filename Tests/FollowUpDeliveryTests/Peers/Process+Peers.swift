import Foundation
import Support
import Testing

/// Another program, run to its end.
enum Program {
  struct Result: Sendable {
    let status: Int32
    let output: String
    let errors: String
  }

  /// Waits on a thread outside the pool that the tests share, so that they do not hold each other up.
  static func run(_ arguments: [String], input: Data = Data(), in folder: URL? = nil) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async {
        continuation.resume(with: Swift.Result { try runToEnd(arguments, input: input, in: folder) })
      }
    }
  }

  private static func runToEnd(_ arguments: [String], input: Data, in folder: URL?) throws -> Result {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    if let folder { process.currentDirectoryURL = folder }
    let (stdin, stdout, stderr) = (Pipe(), Pipe(), Pipe())
    process.standardInput = stdin
    process.standardOutput = stdout
    process.standardError = stderr
    try process.run()
    // What these programs print fits into a pipe, but for standard output.
    stdin.fileHandleForWriting.write(input)
    try stdin.fileHandleForWriting.close()
    let output = stdout.fileHandleForReading.readDataToEndOfFile()
    let errors = stderr.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus, output: String(decoding: output, as: UTF8.self),
      errors: String(decoding: errors, as: UTF8.self))
  }

  /// Runs a Python program and reads the JSON that it prints.
  static func python(_ program: String, arguments: [String] = [], input: Data = Data()) async throws -> [String: Any] {
    let result = try await run([Repository.python, "-c", program] + arguments, input: input)
    try #require(result.status == 0, "python3: \(result.errors)")
    let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    return try #require(object as? [String: Any])
  }
}

/// A server program that runs beside a test and ends with it.
final class PeerProgram {
  private let process = Process()

  /// Starts it and waits until it takes connections on the loopback `port`.
  init(_ arguments: [String], port: UInt16, in folder: URL? = nil) async throws {
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    if let folder { process.currentDirectoryURL = folder }
    try process.run()
    let isListening = await eventually { !process.isRunning || LoopbackSocket.accepts(port: port) }
    try #require(isListening && process.isRunning, "\(arguments[0]) does not listen")
  }

  deinit {
    // Children inherit the blocked signals of the thread that starts them: only this one always ends them.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }
}

/// A folder of its own for one test.
final class TemporaryFolder {
  let url: URL
  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("followupd-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }
  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appendingPathComponent(name).path }
}
