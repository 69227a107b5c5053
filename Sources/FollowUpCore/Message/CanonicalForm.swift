// The standard library composes and decomposes (it must, to compare strings), but shows it only to Foundation. The other
// way is Foundation's, which brings all of ICU into a process that is to stay small.
@_spi(_Unicode) private import Swift

extension String {
  /// The text in Unicode Normalization Form C, so that equal texts are equal bytes in the database.
  package var composed: String {
    // Plain ASCII is composed as it is.
    if utf8.allSatisfy({ $0 < 0x80 }) { return self }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: self._nfc)
    return String(view)
  }

  /// The text in Unicode Normalization Form D: letters apart from their marks.
  package var decomposed: String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: self._nfd)
    return String(view)
  }
}
