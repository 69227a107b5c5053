import ArgumentParser
import FollowUpService
import Glibc

/// The arguments of `followupd` (`interface.md`, followupd).
struct Program: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "followupd",
    abstract: "The daemon that keeps a clinic's follow-ups.",
    discussion: """
      EXAMPLES:
        followupd --config /etc/followupd/followupd.toml
        followupd --check-config

      Without --config it reads /etc/followupd/followupd.toml; without that file it runs on built-in defaults in trial \
      mode, which writes to no patient. State is kept in $STATE_DIRECTORY, else in ./followupd-state. It listens on the \
      socket that systemd hands over, else at $FOLLOWUPD_SOCKET, else at /run/followupd/control.sock.

      EXIT CODES:
        64 wrong arguments, 65 database damaged or newer, 73 state directory or socket not writable,
        75 another instance runs, 78 configuration
      """)

  @Option(name: .long, help: "The configuration file.", completion: .file(extensions: ["toml"]))
  var config: String?

  @Flag(name: .long, help: "Check the configuration, say all that is wrong with it, and end.")
  var checkConfig = false

  @Flag(name: .long, help: "Print the configuration in full, defaults included, and end.")
  var printConfig = false

  @Option(name: .long, help: "What to log: debug, info, notice, warning, error.")
  var logLevel = LogLevel.info

  @Flag(name: .long, help: "Print the version and end.")
  var version = false

  /// Does what the arguments ask. Returns the exit code.
  func run(environment: [String: String]) async -> Int32 {
    if version {
      print("followupd \(ConfigurationCommands.version)")
      return 0
    }
    let commands = ConfigurationCommands(file: config, environment: environment)
    if checkConfig { return say(commands.check()) }
    if printConfig { return say(commands.print()) }
    return await Daemon(configuration: config, logLevel: logLevel, environment: environment).run()
  }

  private func say(_ result: (output: String, faults: String, exitCode: Int32)) -> Int32 {
    if !result.output.isEmpty { print(result.output) }
    if !result.faults.isEmpty { Self.complain(result.faults) }
    return result.exitCode
  }

  /// Parses and runs; a mistake in the arguments is one line and exit 64. Returns the exit code.
  static func main(environment: [String: String]) async -> Int32 {
    do {
      return try await parse().run(environment: environment)
    } catch {
      // Help ends with 0, and prints itself.
      if exitCode(for: error).rawValue == 0 { exit(withError: error) }
      complain("followupd: \(message(for: error)): see 'followupd --help'")
      return 64
    }
  }

  private static func complain(_ text: String) {
    let line = Array((text + "\n").utf8)
    _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}

extension LogLevel: ExpressibleByArgument {}
