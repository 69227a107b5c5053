/// Fresh key material from the system's own generator.
package enum RandomKey {
  /// `count` unpredictable bytes.
  package static func make(bytes count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
  }
}
