internal import Crypto

/// HMAC-SHA256 under one key (RFC 2104): the audit chain and the stop list (R16, R21).
package struct KeyedHash: Sendable {
  private let key: SymmetricKey

  /// Any length of key is accepted; 32 bytes are right.
  package init(key: [UInt8]) { self.key = SymmetricKey(data: key) }

  /// The code of `bytes`: 32 bytes.
  package func code(of bytes: some Sequence<UInt8>) -> [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: Array(bytes), using: key))
  }

  /// Whether `code` is that of `bytes`, in a time that does not depend on where they differ.
  package func isValid(_ code: [UInt8], for bytes: some Sequence<UInt8>) -> Bool {
    equalInConstantTime(code, self.code(of: bytes))
  }
}

/// Compares secrets in a time that depends on their lengths alone.
package func equalInConstantTime(_ a: [UInt8], _ b: [UInt8]) -> Bool {
  guard a.count == b.count else { return false }
  var difference: UInt8 = 0
  for index in a.indices { difference |= a[index] ^ b[index] }
  return difference == 0
}
