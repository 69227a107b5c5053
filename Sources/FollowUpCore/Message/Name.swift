/// Names as people search for them.
package enum Name {
  /// A text folded for search: without case and accents, white space made single (`interface.md`, WHO).
  ///
  /// `Øyvind  Ångström` and `oyvind angstrom` fold alike. Letters of other scripts keep their identity; their marks go.
  package static func folded(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    var pendingSpace = false
    // Upper case first: "ß" becomes "SS", and "ς" becomes the same as "σ".
    for scalar in text.uppercased().lowercased().decomposed.unicodeScalars {
      if scalar.properties.isWhitespace {
        pendingSpace = !result.isEmpty
        continue
      }
      if isIgnored(scalar) { continue }
      if pendingSpace {
        result.append(" ")
        pendingSpace = false
      }
      result.append(contentsOf: plain(scalar))
    }
    return String(result)
  }

  /// Marks, and what cannot be seen: joiners, direction controls, soft hyphens.
  private static func isIgnored(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: true
    default: false
    }
  }

  /// Latin letters whose stroke or ligature Unicode does not take apart.
  private static func plain(_ scalar: Unicode.Scalar) -> String.UnicodeScalarView {
    switch scalar {
    case "ø": "o".unicodeScalars
    case "ł": "l".unicodeScalars
    case "đ", "ð": "d".unicodeScalars
    case "ħ": "h".unicodeScalars
    case "ı": "i".unicodeScalars
    case "ŧ": "t".unicodeScalars
    case "æ": "ae".unicodeScalars
    case "œ": "oe".unicodeScalars
    case "þ": "th".unicodeScalars
    case "ς": "σ".unicodeScalars
    case "’", "‘", "ʼ", "ʻ": "'".unicodeScalars
    case "‐", "‑", "–": "-".unicodeScalars
    default: String.UnicodeScalarView([scalar])
    }
  }
}
