internal import FollowUpDigest
internal import Synchronization

/// The secret keys in `keys/` (0600), by id: they make the audit chain and the stop list's hashes (R21, R16).
package final class KeyRing: Sendable {
  private let directory: StateDirectory
  private let loaded = Mutex<[String: KeyedHash]>([:])

  init(_ directory: StateDirectory) throws(StoreError) {
    self.directory = directory
    try directory.makeDirectory(directory.keys)
  }

  /// Makes a key and returns its id.
  func make(purpose: String) throws(StoreError) -> String {
    let id = purpose + "-" + hex(RandomKey.make(bytes: 4))
    try SmallFile.replace(path(id), with: Array(hex(RandomKey.make(bytes: 32)).utf8))
    return id
  }

  func key(_ id: String) throws(StoreError) -> KeyedHash {
    if let known = loaded.withLock({ $0[id] }) { return known }
    guard let text = SmallFile.read(path(id)), let bytes = unhex(String(decoding: text, as: UTF8.self)),
      bytes.count == 32
    else { throw .keyMissing(path: path(id)) }
    let key = KeyedHash(key: bytes)
    loaded.withLock { $0[id] = key }
    return key
  }

  private func path(_ id: String) -> String { directory.keys + "/" + id + ".key" }
}
