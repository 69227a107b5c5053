extension BidirectionalCollection<UInt8> {
  /// Where a short word stands first; nil if it does not.
  func firstRange(of word: StaticString) -> Range<Index>? {
    let sought = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
    guard let first = sought.first else { return nil }
    var start = startIndex
    while let found = self[start...].firstIndex(of: first) {
      let next = index(after: found)
      if self[next...].starts(with: sought.dropFirst()) {
        return found..<index(next, offsetBy: sought.count - 1)
      }
      start = next
    }
    return nil
  }
}
