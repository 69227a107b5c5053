/// "Did you mean": the known word that is nearest to what was typed.
enum Nearest {
  /// Nil if none is within two changes, or one for words of up to four letters.
  static func word(to typed: String, in known: [String]) -> String? {
    let limit = typed.count <= 4 ? 1 : 2
    let near = known.map { ($0, distance(typed.lowercased(), $0)) }.filter { $0.1 <= limit }
    return near.min { $0.1 < $1.1 }?.0
  }

  /// Insertions, removals, replacements and swaps of neighbours that lead from `a` to `b` (optimal string alignment).
  static func distance(_ a: String, _ b: String) -> Int {
    let a = Array(a)
    let b = Array(b)
    var before: [Int] = []
    var last = Array(0...b.count)
    for i in 1...max(a.count, 1) where !a.isEmpty {
      var row = [i] + Array(repeating: 0, count: b.count)
      for j in 1...max(b.count, 1) where !b.isEmpty {
        row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { row[j] = min(row[j], before[j - 2] + 1) }
      }
      before = last
      last = row
    }
    return last[b.count]
  }
}
