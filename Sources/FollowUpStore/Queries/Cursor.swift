/// Where a page of a list ended: a sort key, if the list has one, and the row's number. Opaque to those who pass it back.
struct Cursor: Equatable {
  var key: Int64
  var id: Int64

  init(key: Int64 = 0, id: Int64) {
    self.key = key
    self.id = id
  }

  /// nil for no text, and for one that no list gave out.
  init?(_ text: String?) {
    guard let parts = text?.split(separator: ".", omittingEmptySubsequences: false), parts.count == 2,
      let key = Int64(parts[0]), let id = Int64(parts[1])
    else { return nil }
    self.init(key: key, id: id)
  }

  var text: String { "\(key).\(id)" }
}

extension Transaction {
  /// Whether `text` is a cursor that a list may have given out.
  package static func isCursor(_ text: String) -> Bool { Cursor(text) != nil }
}
