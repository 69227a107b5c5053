extension Unicode.Scalar {
  /// Of the general category Cc, which Unicode's stability policy fixes for good: C0, DEL and C1.
  package var isControl: Bool { value < 0x20 || (0x7f...0x9f).contains(value) }
}
