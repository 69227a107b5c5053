/// The next contact's turn of a step or notice: the ladder (`delivery.md`, Retry). A reminder of its own, named for the one
/// that it follows: `day-before#2` is written to the second contact.
package struct Rung: Hashable, Sendable {
  /// The step's id, or the notice's name.
  package let base: String
  /// From 2: the step itself is the first.
  package let number: Int

  /// What stands in no id that a plan can write, nor in the text of an offset.
  private static let mark = UInt8(ascii: "#")

  package init(_ base: String, number: Int) {
    self.base = base
    self.number = number
  }

  /// Nil for what names a step or notice itself.
  package init?(_ text: String) {
    guard let place = text.utf8.lastIndex(of: Self.mark), let number = Int(text[text.utf8.index(after: place)...]),
      number > 1
    else { return nil }
    self.init(String(text[..<place]), number: number)
  }

  /// The id of the step, or the name of the notice, that a reminder says: its own, or that of the one it follows.
  package static func base(of step: String) -> String { Rung(step)?.base ?? step }

  /// What the rungs of a step begin with.
  package static func prefix(of base: String) -> String { base + "#" }
}

extension Rung: CustomStringConvertible {
  /// `day-before#2`
  package var description: String { Self.prefix(of: base) + String(number) }
}
