internal import ArgumentParser
internal import FollowUpControl

/// The words of the command line, put into the order that the parser knows: global options may stand before the verb,
/// between noun and verb, or after it; the parser takes them only after it.
struct Words {
  /// What stands before any `--`, without the program's name.
  private let head: [String]
  private let tail: [String]
  /// The types from the root to the command that is meant, as far as the words name one.
  let commands: [any ParsableCommand.Type]
  private let verb: [String]
  private let hoisted: [String]
  private let rest: [String]

  init(_ arguments: [String]) {
    let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
    head = Array(arguments[..<end])
    tail = Array(arguments[end...])
    var commands: [any ParsableCommand.Type] = [FollowUpCtl.self]
    var path: [String] = []
    var hoisted: [String] = []
    var rest = head[...]
    scan: while true {
      let (globals, after) = Words.takeGlobals(rest)
      let parents = commands.last?.configuration.subcommands ?? []
      guard let word = after.first, let next = parents.first(where: { $0.configuration.commandName == word }) else {
        // Before the verb the parser knows no options; after it, it finds them by itself.
        if path.isEmpty || !parents.isEmpty {
          hoisted += globals
          rest = after
        }
        break scan
      }
      hoisted += globals
      commands.append(next)
      path.append(word)
      rest = after.dropFirst()
    }
    self.commands = commands
    verb = path
    self.hoisted = hoisted
    self.rest = Array(rest)
  }

  /// The verb with its noun, `patient add`; empty for the bare program.
  var path: String { verb.joined(separator: " ") }
  var command: any ParsableCommand.Type { commands.last ?? FollowUpCtl.self }
  var wantsVersion: Bool { head.contains("--version") }
  var wantsHelp: Bool { head.contains("--help") || head.contains("-h") }
  var wantsJSON: Bool { head.contains("--json") }

  /// The words after `help`, when that is what was asked for.
  var helpTopic: [String]? {
    guard verb.isEmpty, rest.first == "help" else { return nil }
    return Array(rest.dropFirst())
  }

  /// What is handed to the parser.
  var forParser: [String] { verb + hoisted + Words.protected(rest) + tail }

  /// An unknown verb, told before the parser complains of something else.
  func check() throws(CommandError) {
    guard let word = rest.first, !word.hasPrefix("-") else { return }
    let known = command.configuration.subcommands
    guard !known.isEmpty else { return }
    var names = known.filter { $0.configuration.shouldDisplay }.compactMap { $0.configuration.commandName }
    if verb.isEmpty { names.append("help") }
    let near = Nearest.word(to: word, in: names).map { (verb + [$0]).joined(separator: " ") }
    let all = (["followupctl help"] + verb).joined(separator: " ") + " lists them"
    throw .usage(
      (verb + [word]).joined(separator: " "), "there is no such verb",
      near.map { "did you mean \($0)?" } ?? all,
      candidates: near.map { [Candidate(id: $0, text: nil)] })
  }

  private static let flags: Set<String> = [
    "--json", "--plain", "-q", "--quiet", "--no-color", "-y", "--yes", "-n", "--dry-run",
  ]
  private static let options: Set<String> = ["-i", "--instance", "--socket", "--as"]

  private static func takeGlobals(_ words: ArraySlice<String>) -> ([String], ArraySlice<String>) {
    var words = words
    var taken: [String] = []
    while let word = words.first {
      if flags.contains(word) || options.contains(where: { word.hasPrefix($0 + "=") }) || isCluster(word) {
        taken.append(word)
        words.removeFirst()
      } else if options.contains(word), words.count > 1 {
        taken += words.prefix(2)
        words.removeFirst(2)
      } else {
        break
      }
    }
    return (taken, words)
  }

  /// `-qy`, several flags of one letter.
  private static func isCluster(_ word: String) -> Bool {
    word.count > 2 && word.hasPrefix("-") && word.dropFirst().allSatisfy { "qyn".contains($0) }
  }

  /// The parser takes `-3d` for options; marked, it is a word. `Word` takes the mark off.
  private static func protected(_ words: [String]) -> [String] {
    var previous = ""
    return words.map { word in
      defer { previous = word }
      guard word.hasPrefix("-"), word.dropFirst().first?.isASCIIDigit == true else { return word }
      return previous.hasPrefix("--") && previous != "--due" ? word : String(Word.mark) + word
    }
  }
}

extension Character {
  var isASCIIDigit: Bool { isASCII && isNumber }
}
