internal import FoundationEssentials

/// Header texts beyond plain ASCII (RFC 2047): encoded words of at most 75 characters, never splitting a character.
enum EncodedWord {
  /// Free text, as in `Subject`; `column` is how far its header's first line is written already.
  static func text(_ text: String, after column: Int) -> String {
    guard isPlain(text), text.utf8.first != 0x20, text.utf8.last != 0x20 else { return words(text, after: column) }
    return text.utf8.count + column <= 76 ? text : folded(text, after: column) ?? words(text, after: column)
  }

  /// A display name: an atom sequence, a quoted string, or encoded words.
  static func phrase(_ text: String, after column: Int) -> String {
    guard isPlain(text), text.utf8.count + column <= 70 else { return words(text, after: column) }
    let needsQuotes = text.utf8.contains { "()<>[]:;@\\,.\"".utf8.contains($0) } || text != text.trimmed
    guard needsQuotes else { return text }
    let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    return "\"\(escaped)\""
  }

  /// Printable ASCII that nobody takes for an encoded word.
  private static func isPlain(_ text: String) -> Bool {
    var last: UInt8 = 0
    for byte in text.utf8 {
      guard (0x20...0x7e).contains(byte), last != UInt8(ascii: "=") || byte != UInt8(ascii: "?") else { return false }
      last = byte
    }
    return true
  }

  private static func folded(_ text: String, after column: Int) -> String? {
    var lines: [String] = []
    var line = ""
    var room = 76 - column
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      let next = line.isEmpty && lines.isEmpty ? String(word) : line + " " + word
      if next.utf8.count <= room {
        line = next
      } else {
        // A line of blanks alone would be read as the end of the folded header by some: such a text is encoded.
        guard line.contains(where: { $0 != " " }), word.utf8.count + 1 <= 76, !word.isEmpty else { return nil }
        lines.append(line)
        line = " " + word
        room = 76
      }
    }
    return (lines + [line]).joined(separator: "\r\n")
  }

  private static func words(_ text: String, after column: Int) -> String {
    var words: [String] = []
    var chunk: [UInt8] = []
    var room = bytesWithin(76 - column)
    func flush() {
      guard !chunk.isEmpty else { return }
      words.append("=?UTF-8?B?\(Data(chunk).base64EncodedString())?=")
      chunk.removeAll()
      room = bytesWithin(75)
    }
    for character in text {
      let whole = Array(character.utf8)
      // A character longer than a word (an emoji of many joined ones) may be split between its scalars only.
      let pieces = whole.count <= 45 ? [whole] : character.unicodeScalars.map { Array(String($0).utf8) }
      for piece in pieces {
        if chunk.count + piece.count > room { flush() }
        chunk += piece
      }
    }
    flush()
    return words.joined(separator: "\r\n ")
  }

  /// How many bytes an encoded word of at most `characters` can carry: 12 go to its frame, 4 hold 3.
  private static func bytesWithin(_ characters: Int) -> Int { max(0, min(characters, 75) - 12) / 4 * 3 }
}

extension String {
  var trimmed: String { String(Substring(self).trimmingBlanks) }
}
