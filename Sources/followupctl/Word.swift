internal import ArgumentParser

/// A word of WHEN or an ID, which may begin with a minus sign.
struct Word: ExpressibleByArgument {
  /// Stands before a word that the parser would else take for options; no command line holds it by itself.
  static let mark: Character = "\u{1}"

  let text: String

  init(argument: String) {
    text = argument.first == Word.mark ? String(argument.dropFirst()) : argument
  }
}

extension [Word] {
  /// The words as one text, as the daemon reads a WHEN.
  var joined: String { map(\.text).joined(separator: " ") }
}
