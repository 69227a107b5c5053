/// Counts the syllables of a word, as far as the formulas of reading ease need it: by vowels and the rules of spelling.
/// A few words of any language break its rules; over a text that evens out.
enum Syllables {
  /// At least 1.
  static func count(_ word: String, language: String) -> Int {
    let letters = Array(word.lowercased().filter(\.isLetter))
    let count =
      switch language {
      case "de": german(letters)
      case "fr": french(letters)
      case "es": spanish(letters)
      default: english(letters)
      }
    return max(1, count)
  }

  private static let vowels = Set("aeiouyàâäáãåæéèêëíìîïóòôöœúùûüÿ")

  /// Runs of vowels, by their bounds.
  private static func runs(_ letters: [Character]) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    var start: Int?
    for (index, letter) in letters.enumerated() {
      if vowels.contains(letter) {
        if start == nil { start = index }
      } else if let begun = start {
        runs.append(begun..<index)
        start = nil
      }
    }
    if let start { runs.append(start..<letters.count) }
    return runs
  }

  /// A run is a syllable; an `e` at the end is silent, also in `-es` and `-ed`, where the consonant before allows it.
  private static func english(_ letters: [Character]) -> Int {
    let runs = runs(letters)
    var count = runs.count
    guard count > 1, let last = runs.last, last.count == 1, letters[last.lowerBound] == "e" else { return count }
    let before = letters[last.lowerBound - 1]
    let tail = String(letters[last.upperBound...])
    switch tail {
    case "":
      let isSyllabicL = before == "l" && last.lowerBound > 1 && !vowels.contains(letters[last.lowerBound - 2])
      if !isSyllabicL { count -= 1 }
    case "d": if before != "t" && before != "d" { count -= 1 }
    case "s": if !"sxzcgh".contains(before) { count -= 1 }
    default: break
    }
    return count
  }

  /// Each vowel is a syllable, but for the pairs that are one sound, and the `u` after `q`.
  private static func german(_ letters: [Character]) -> Int {
    let pairs: Set<String> = ["ei", "ai", "ey", "ay", "au", "äu", "eu", "ie", "aa", "ee", "oo", "oi", "oy"]
    var count = 0
    var index = 0
    while index < letters.count {
      if vowels.contains(letters[index]), !(letters[index] == "u" && index > 0 && letters[index - 1] == "q") {
        count += 1
        if index + 1 < letters.count, pairs.contains(String(letters[index...(index + 1)])) { index += 1 }
      }
      index += 1
    }
    return count
  }

  /// A run is a syllable, but where é, ë or ï part it; an `e` after a consonant at the end is silent, also in `-es`.
  private static func french(_ letters: [Character]) -> Int {
    let runs = runs(letters)
    var count = 0
    for run in runs {
      count += 1
      for index in run.dropFirst() {
        let isSplit = letters[index] == "ï" || letters[index] == "ë" || letters[index] == "é"
        let isFeminine = letters[index] == "e" && ["", "s"].contains(String(letters[(index + 1)...]))
        let followsE = letters[index - 1] == "é" && !isFeminine
        // Not the "ié" of "Pitié", which is one sound.
        if isSplit && letters[index - 1] != "i" || followsE { count += 1 }
      }
    }
    if runs.count > 1, let last = runs.last, last.count == 1, letters[last.lowerBound] == "e",
      ["", "s"].contains(String(letters[last.upperBound...]))
    {
      count -= 1
    }
    return count
  }

  /// Strong vowels are a syllable each, weak ones lean on them; í and ú are strong; the `u` of que, gui is silent.
  private static func spanish(_ letters: [Character]) -> Int {
    let strong = Set("aeoáéóíú")
    var count = 0
    for run in runs(letters) {
      var nuclei = 0
      for index in run {
        let isSilent =
          letters[index] == "u" && index > 0 && (letters[index - 1] == "q" || letters[index - 1] == "g")
          && index + 1 < letters.count && "eiéí".contains(letters[index + 1])
        if !isSilent, strong.contains(letters[index]) { nuclei += 1 }
      }
      count += max(1, nuclei)
    }
    return count
  }
}
