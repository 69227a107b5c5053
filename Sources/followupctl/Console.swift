internal import Glibc

/// Standard input, output and error. Output is kept until the command is done, so that an error leaves it empty.
final class Console {
  /// Somebody sits there who can be asked.
  let isInteractive: Bool
  /// Output goes to a terminal that shows colours.
  let showsColour: Bool
  let environment: [String: String]
  private var pending = ""

  init(isInteractive: Bool, showsColour: Bool, environment: [String: String]) {
    self.isInteractive = isInteractive
    self.showsColour = showsColour
    self.environment = environment
  }

  static func standard() -> Console {
    var environment: [String: String] = [:]
    for name in ["FOLLOWUPD_SOCKET", "FOLLOWUPD_INSTANCE", "NO_COLOR", "TERM", "TZ"] {
      if let value = getenv(name) { environment[name] = String(cString: value) }
    }
    let terminal = isatty(STDOUT_FILENO) == 1
    return Console(
      isInteractive: terminal && isatty(STDIN_FILENO) == 1,
      showsColour: terminal && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb",
      environment: environment)
  }

  func out(_ text: String) { pending += text }

  func err(_ text: String) { _ = Console.write(text, to: STDERR_FILENO) }

  /// Forgets what was to be printed.
  func discard() { pending = "" }

  /// Prints what is pending; 0, the exit code of success.
  func finish() throws(CommandError) -> Int32 {
    let text = pending
    pending = ""
    guard Console.write(text, to: STDOUT_FILENO) else {
      throw CommandError(
        code: "cannot-write", exitCode: 73, what: "standard output",
        why: "cannot be written (\(String(cString: strerror(errno))))", hint: "look where it goes")
    }
    return 0
  }

  /// Asks on the terminal; nil at the end of input.
  func ask(_ question: String) throws(CommandError) -> String? {
    out(question)
    _ = try finish()
    return readLine(strippingNewline: true)
  }

  /// All of standard input.
  func readAll() -> [UInt8] {
    var all: [UInt8] = []
    while true {
      let chunk = [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, count in
        count = max(read(STDIN_FILENO, buffer.baseAddress, buffer.count), 0)
      }
      guard !chunk.isEmpty else { return all }
      all += chunk
    }
  }

  private static func write(_ text: String, to descriptor: Int32) -> Bool {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}
