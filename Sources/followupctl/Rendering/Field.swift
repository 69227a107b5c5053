/// One labelled value of a thing on the screen.
struct Field {
  enum Kind {
    case text
    /// A word of a closed set; it may be coloured.
    case state
    /// What people wrote: comes last in a row, isolated.
    case name
  }

  let label: String
  let value: String
  let kind: Kind

  init(_ label: String, _ value: String?, _ kind: Kind = .text) {
    self.label = label
    self.value = value ?? ""
    self.kind = kind
  }

  /// Fit for the screen, without colour.
  var safe: String { kind == .name ? SafeText.isolated(value) : SafeText.escaped(value) }
}
