internal import FollowUpCore

/// A server's words, fit to be kept: short, one line, without addresses (R22).
enum ReplyText {
  private static let limit = 200

  /// Replaces what looks like an address and each of `addresses`, by `<address>`.
  static func redacted(_ text: String, addresses: [String]) -> String {
    var line = ""
    for scalar in text.unicodeScalars.prefix(2000) {
      let isPlain = !scalar.isControl && scalar.value != 0xfffd
      line.unicodeScalars.append(isPlain ? scalar : " ")
    }
    var output = withoutMailAddresses(line)
    for address in addresses {
      let local = address.lastIndex(of: "@").map { String(address[..<$0]) } ?? address
      // A short local part is too likely to be a common word.
      for needle in [address, local, String(address.drop { $0 == "+" })] where needle.count >= 4 {
        output = replacing(needle, in: output)
      }
    }
    return String(output.prefix(limit))
  }

  private static func withoutMailAddresses(_ text: String) -> String {
    var output = ""
    var token = ""
    func flush() {
      output += token.contains("@") ? "<address>" : token
      token = ""
    }
    for character in text {
      if character.isWhitespace || "<>()[],;:\"'".contains(character) {
        flush()
        output.append(character)
      } else {
        token.append(character)
      }
    }
    flush()
    return output.replacing("<<address>>", with: "<address>")
  }

  private static func replacing(_ needle: String, in text: String) -> String {
    let sought = Array(needle.lowercased())
    let characters = Array(text)
    var output = ""
    var index = 0
    while index < characters.count {
      let end = index + sought.count
      if end <= characters.count, zip(sought, characters[index..<end]).allSatisfy({ String($0) == $1.lowercased() }) {
        output += "<address>"
        index = end
      } else {
        output.append(characters[index])
        index += 1
      }
    }
    return output
  }
}
