internal import Crypto

/// The SHA-256 of `bytes`: 32 bytes.
package func sha256(_ bytes: some Sequence<UInt8>) -> [UInt8] {
  Array(SHA256.hash(data: Array(bytes)))
}
