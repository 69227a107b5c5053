/// Tags of languages (BCP 47), as far as templates need them.
package enum LanguageTag {
  /// Subtags of 1 to 8 letters and digits, the first a language of 2, 3 or up to 8 letters (RFC 5646 2.1).
  package static func isWellFormed(_ tag: String) -> Bool {
    let subtags = tag.split(separator: "-", omittingEmptySubsequences: false)
    guard let first = subtags.first, (2...8).contains(first.utf8.count), first.utf8.allSatisfy(\.isLetter) else {
      return false
    }
    return subtags.allSatisfy { (1...8).contains($0.utf8.count) && $0.utf8.allSatisfy { $0.isLetter || $0.isDigit } }
  }

  /// The tag, then ever shorter ones (RFC 4647 3.4): `en-CA`, `en`. In lower case.
  package static func lookup(_ tag: String) -> [String] {
    var subtags = tag.lowercased().split(separator: "-")
    var result: [String] = []
    while !subtags.isEmpty {
      result.append(subtags.joined(separator: "-"))
      subtags.removeLast()
      // A single letter only introduces what followed it.
      if subtags.count > 1, subtags.last?.count == 1 { subtags.removeLast() }
    }
    return result
  }

  /// The region of a tag (`CA` in `en-CA`), in upper case; nil if it names none.
  package static func region(of tag: String) -> String? {
    tag.split(separator: "-").dropFirst().first { $0.utf8.count == 2 && $0.utf8.allSatisfy(\.isLetter) }
      .map { $0.uppercased() }
  }
}
