/// Tells one boot of this machine from another: what was in memory, or in a mapped file, is gone with it.
package enum BootID {
  /// The kernel's random id of this boot; nil where the kernel shows none.
  package static func read(path: String = "/proc/sys/kernel/random/boot_id") -> String? {
    guard let bytes = FileStamp.contents(of: path, atMost: 64) else { return nil }
    let id = bytes.prefix { $0 != UInt8(ascii: "\n") }
    return id.isEmpty ? nil : String(decoding: id, as: UTF8.self)
  }
}
