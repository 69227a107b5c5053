/// "Did you mean": the nearest of the words that were possible.
package enum Spelling {
  /// The word with the fewest edits from `text`, in any case, or the one that begins with it; nil if none is near.
  package static func nearest(to text: String, among words: some Sequence<String>) -> String? {
    let text = text.lowercased()
    var best: (word: String, distance: Int)?
    for word in words.sorted() {
      let distance = distance(text, word.lowercased())
      // A third of the word may be wrong.
      let limit = max(1, min(3, (max(text.count, word.count) + 1) / 3))
      if distance <= limit, distance < (best?.distance ?? .max) { best = (word, distance) }
    }
    if let best { return best.word }
    let longer = words.filter { $0.lowercased().hasPrefix(text) }
    return text.count >= 3 && longer.count == 1 ? longer.first : nil
  }

  /// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other.
  package static func distance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a.unicodeScalars), Array(b.unicodeScalars))
    if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
    var before: [Int] = []
    var previous = Array(0...b.count)
    for i in 1...a.count {
      var current = [i]
      for j in 1...b.count {
        var cost = min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { cost = min(cost, before[j - 2] + 1) }
        current.append(cost)
      }
      before = previous
      previous = current
    }
    return previous[b.count]
  }
}
