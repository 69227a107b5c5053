internal import FoundationEssentials

/// One or several signing keys of a webhook (Standard Webhooks 1.0, "Signature scheme").
package struct WebhookSignature: Sendable {
  private let keys: [KeyedHash]

  /// Takes secrets spelled `whsec_` and base64; the prefix may be left out. Several sign at once while a key is rotated.
  ///
  /// - Throws: `InvalidSecret` with the position of the first secret that is not base64 of 24 to 64 bytes.
  package init(secrets: [String]) throws(InvalidSecret) {
    var keys: [KeyedHash] = []
    for (index, secret) in secrets.enumerated() {
      let text = secret.hasPrefix("whsec_") ? String(secret.dropFirst(6)) : secret
      guard let key = Data(base64Encoded: text), (24...64).contains(key.count) else {
        throw InvalidSecret(index: index)
      }
      keys.append(KeyedHash(key: Array(key)))
    }
    self.keys = keys
  }

  /// A secret that cannot sign; its text is never in the error.
  package struct InvalidSecret: Error, Sendable, Equatable {
    /// The position in the list, from 0.
    package let index: Int

    package init(index: Int) { self.index = index }
  }

  /// False where no secret is set: then no signature is sent.
  package var signs: Bool { !keys.isEmpty }

  /// The value of the header `webhook-signature`: `v1,` and base64 for each key, parted by spaces.
  ///
  /// `timestamp` is in seconds since 1970, as in the header `webhook-timestamp`.
  package func header(id: String, timestamp: Int64, body: [UInt8]) -> String {
    let content = Array("\(id).\(timestamp).".utf8) + body
    return keys.map { "v1," + Data($0.code(of: content)).base64EncodedString() }.joined(separator: " ")
  }
}
