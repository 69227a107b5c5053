internal import ArgumentParser

/// A verb of `followupctl`: it turns words into a request and shows the reply, nothing else.
protocol Verb: ParsableCommand {
  /// Two real command lines, with which its help opens.
  static var examples: [String] { get }
  var everywhere: Everywhere { get }
  /// Returns the exit code.
  func run(in session: Session) throws(CommandError) -> Int32
}

/// A noun: a command that only has verbs.
protocol Noun: ParsableCommand {
  static var examples: [String] { get }
}

/// The options that every verb takes, before it or after it.
struct Everywhere: ParsableArguments {
  @Option(name: .customLong("socket"), help: ArgumentHelp("The daemon's socket.", valueName: "path"))
  var socket: String?
  @Option(name: .shortAndLong, help: ArgumentHelp("The daemon of that name, when several run.", valueName: "name"))
  var instance: String?
  @Option(name: .customLong("as"), help: ArgumentHelp("The staff name to act as.", valueName: "staff"))
  var actingAs: String?
  @Flag(help: "One JSON document.")
  var json = false
  @Flag(help: "A `Label: value` a line, for screen readers.")
  var plain = false
  @Flag(name: .shortAndLong, help: "Ids only.")
  var quiet = false
  @Flag(name: .customLong("no-color"), help: "No colours (as $NO_COLOR).")
  var noColor = false
  @Flag(name: .shortAndLong, help: "Do it without asking.")
  var yes = false
  @Flag(name: [.customShort("n"), .customLong("dry-run")], help: "Show what would happen, change nothing.")
  var dryRun = false
}
