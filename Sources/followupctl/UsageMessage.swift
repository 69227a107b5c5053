/// Turns the parser's complaint into the one form of all errors.
enum UsageMessage {
  /// `message`: one or two sentences, the second a "Did you mean".
  static func error(_ message: String, words: Words) -> CommandError {
    let verb = words.path.isEmpty ? "followupctl" : words.path
    var why = message.split(separator: "\n").first.map(String.init) ?? "it cannot be understood"
    var hint = "see followupctl help" + (words.path.isEmpty ? "" : " " + words.path)
    if why.hasPrefix("Error: ") { why.removeFirst(7) }
    if let range = why.firstRange(of: "Did you mean") {
      // The parser suggests an option however far it is from what was typed.
      let quoted = why.split(separator: "'", omittingEmptySubsequences: false)
      if quoted.count > 3, Nearest.word(to: String(quoted[1]), in: [String(quoted[3])]) != nil {
        hint = "did" + why[range.lowerBound...].dropFirst(3)
      }
      why = String(why[..<range.lowerBound])
    }
    if why.contains("had already been set") {
      let flags = why.split(separator: "'").filter { $0.hasPrefix("-") }
      (why, hint) = (flags.joined(separator: " and ") + " exclude each other", "leave one out")
    }
    while let last = why.last, last == " " || last == "." { why.removeLast() }
    if let first = why.first { why = first.lowercased() + why.dropFirst() }
    return .usage(verb, why.filter { $0 != Word.mark }, hint.filter { $0 != Word.mark })
  }
}
