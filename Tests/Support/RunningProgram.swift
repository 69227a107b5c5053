import Foundation
import Glibc
import Synchronization

/// A child process. Its output goes to files, so that it never waits for us to read; a thread of its own waits for its end.
package final class RunningProgram: Sendable {
  package let pid: Int32
  private let output: TemporaryDirectory
  private let end = End()

  /// How a program ended: its exit code, or the signal that ended it.
  package enum Ending: Sendable, Equatable {
    case exit(Int32)
    case signal(Int32)
  }

  private final class End: Sendable {
    let state = Mutex<Ending?>(nil)
  }

  /// Starts `program`. `environment` is added to that of the test; a value of nil removes a name.
  /// - Throws: `HarnessError` if it cannot be started.
  package init(
    _ program: String, _ arguments: [String] = [], environment: [String: String?] = [:], input: String? = nil,
    workingDirectory: String? = nil
  ) throws {
    let output = try TemporaryDirectory()
    self.output = output
    let stdin = try input.map { try output.write("stdin", $0) } ?? "/dev/null"

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, stdin, O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output.path("stdout"), O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, output.path("stderr"), O_WRONLY | O_CREAT | O_TRUNC, 0o600)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

    var merged = ProcessInfo.processInfo.environment
    // What the test run itself was given must not reach a program under test.
    for name in ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID", "JOURNAL_STREAM"] {
      merged[name] = nil
    }
    for (name, value) in environment { merged[name] = value }

    // env(1) changes the folder and then becomes the program: the process stays the one that was started.
    let command = workingDirectory.map { ["env", "-C", $0, program] + arguments } ?? [program] + arguments
    let argv = CStrings(command)
    let envp = CStrings(merged.map { "\($0.key)=\($0.value)" })
    var child = pid_t()
    let status = posix_spawnp(&child, command[0], &actions, &attributes, argv.pointers, envp.pointers)
    guard status == 0 else { throw HarnessError("\(program): cannot start: \(String(cString: strerror(status)))") }
    let started = child
    pid = started

    // Foundation keeps a thread's closure for good: this one must not hold the program, whose output would stay with it.
    Thread.detachNewThread { [end] in
      var raw: Int32 = 0
      while waitpid(started, &raw, 0) < 0 && errno == EINTR {}
      let signal = raw & 0x7f
      end.state.withLock { $0 = signal == 0 ? .exit((raw >> 8) & 0xff) : .signal(signal) }
    }
  }

  package var ending: Ending? { end.state.withLock { $0 } }
  package var isRunning: Bool { ending == nil }
  package var standardOutput: String { (try? output.read("stdout")) ?? "" }
  package var standardError: String { (try? output.read("stderr")) ?? "" }

  package func send(_ signal: Int32) {
    if isRunning { kill(pid, signal) }
  }

  /// Waits for the end; past the limit the program is killed and the wait fails.
  @discardableResult
  package func wait(within limit: Duration = .seconds(30)) async throws -> Ending {
    do {
      try await eventually("process \(pid) ends", within: limit, seen: { self.standardError }) { !isRunning }
    } catch {
      send(SIGKILL)
      throw error
    }
    return ending ?? .exit(-1)
  }

  /// Asks it to end, and makes it end when it does not.
  package func stop() async {
    send(SIGCONT)
    send(SIGTERM)
    if (try? await wait(within: .seconds(10))) == nil { send(SIGKILL) }
  }
}

/// A NULL-terminated array of C strings that lives as long as this does.
private final class CStrings {
  let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  private let count: Int

  init(_ strings: [String]) {
    count = strings.count
    pointers = .allocate(capacity: count + 1)
    for (index, string) in strings.enumerated() { pointers[index] = strdup(string) }
    pointers[count] = nil
  }

  deinit {
    for index in 0..<count { free(pointers[index]) }
    pointers.deallocate()
  }
}
