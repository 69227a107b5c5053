internal import FollowUpDigest

/// The audit chain's head as it stands in the database and beside it (R21). The one beside it, ahead, tells that an older
/// database was put in place (promise 9).
package struct AuditHead: Sendable, Equatable {
  package var sequence: Int64
  package var hash: [UInt8]

  static let none = AuditHead(sequence: 0, hash: [])
}

extension AuditHead: FixedLine {
  init?(words: [Substring]) {
    guard words.count == 2, let sequence = Int64(words[0]), let hash = unhex(String(words[1])) else { return nil }
    self.init(sequence: sequence, hash: hash)
  }

  var words: [String] { [padded(sequence), hex(hash)] }
}
