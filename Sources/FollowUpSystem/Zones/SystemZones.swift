internal import CSystemd
package import FollowUpCore
internal import Glibc
internal import Synchronization

/// The zones of this machine's zoneinfo folder (R3), read when first asked for and then kept.
package final class SystemZones: ZoneSource {
  /// The folder that is read.
  package let folder: String
  private let cache: Mutex<Cache>

  private struct Cache {
    var zones: [String: Zone] = [:]
    /// What each file that was read looked like then.
    var stamps: [String: FileStamp] = [:]
    var version: String?
    /// Of all files, computed when first asked for.
    var fingerprint: UInt64?
    var generation = 0
  }

  /// Larger than any zone, so that nothing else is read whole.
  private static let largestFile = 1 << 20

  /// `$TZDIR`, else `/usr/share/zoneinfo`.
  package convenience init(environment: [String: String]) {
    let named = environment["TZDIR"] ?? ""
    self.init(folder: named.isEmpty ? "/usr/share/zoneinfo" : named)
  }

  package init(folder: String) {
    self.folder = folder
    cache = Mutex(Self.freshCache(folder))
  }

  package var version: String? { cache.withLock { $0.version } }

  package func zone(named name: String) throws(ZoneError) -> Zone {
    let (known, generation) = cache.withLock { ($0.zones[name], $0.generation) }
    if let known { return known }
    guard Self.isName(name) else { throw .badName(String(name.prefix(64))) }
    let path = "\(folder)/\(name)"
    guard let stamp = FileStamp(path: path), stamp.isFile else {
      throw .unknown(name: name, suggestion: ZoneNames(folder: folder).nearest(to: name))
    }
    guard stamp.size <= Self.largestFile, let bytes = FileStamp.contents(of: path, atMost: Self.largestFile) else {
      throw .damaged(name: name, why: "it cannot be read")
    }
    let zone = try Zone(name: name, tzif: bytes)
    cache.withLock { cache in
      guard cache.generation == generation else { return }
      cache.zones[name] = zone
      cache.stamps[path] = stamp
    }
    return zone
  }

  /// Reads every file of the folder, the first time after a reload.
  package var fingerprint: UInt64 {
    let (known, generation) = cache.withLock { ($0.fingerprint, $0.generation) }
    if let known { return known }
    let found = ZoneNames(folder: folder).fingerprint(largestFile: Self.largestFile)
    // Files that came meanwhile are not those that zones were read from: their hash must not stand for what these planned.
    guard !filesChanged() else { return stableHash("changing \(found)") }
    cache.withLock { if $0.generation == generation { $0.fingerprint = found } }
    return found
  }

  package var generation: Int { cache.withLock { $0.generation } }

  package func reloadIfChanged(needing name: String) -> ZoneReload {
    guard filesChanged() else { return .unchanged }
    do {
      _ = try SystemZones(folder: folder).zone(named: name)
    } catch { return .unusable(error) }
    reload()
    return .reloaded
  }

  package var asOnDisk: any ZoneSource { filesChanged() ? SystemZones(folder: folder) : self }

  /// Whether the folder's data, or a zone that was read, is another on the disk by now. A handful of `stat` calls; true
  /// until `reload()`.
  package func filesChanged() -> Bool {
    cache.withLock { $0.stamps }.contains { FileStamp(path: $0.key) ?? .absent != $0.value }
  }

  /// Forgets every zone, so that each is read again when next asked for.
  package func reload() {
    let fresh = Self.freshCache(folder)
    cache.withLock { cache in
      let generation = cache.generation + 1
      cache = fresh
      cache.generation = generation
    }
  }

  private static func freshCache(_ folder: String) -> Cache {
    // A package manager replaces files by renaming, which shows in their folders; a folder that is replaced, or a link to
    // one, has another inode.
    let marks = ["", "/tzdata.zi", "/+VERSION", "/version"] + ZoneNames(folder: folder).folders.map { "/\($0)" }
    let stamps = marks.map { (folder + $0, FileStamp(path: folder + $0) ?? .absent) }
    return Cache(stamps: Dictionary(stamps) { first, _ in first }, version: version(in: folder))
  }

  /// From `# version 2026f`, the first line of `tzdata.zi`; else from a file that holds nothing but the version.
  private static func version(in folder: String) -> String? {
    if let head = firstLine(of: "\(folder)/tzdata.zi"), head.hasPrefix("# version ") {
      return String(head.dropFirst("# version ".count))
    }
    return ["+VERSION", "version"].lazy.compactMap { firstLine(of: "\(folder)/\($0)") }.first
  }

  private static func firstLine(of path: String) -> String? {
    guard let bytes = FileStamp.contents(of: path, atMost: 64) else { return nil }
    let line = bytes.prefix { $0 > 0x20 && $0 < 0x7f || $0 == 0x20 }
    return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
  }

  /// A path of plain words within the folder: nothing that leads out of it.
  static func isName(_ name: String) -> Bool {
    name.utf8.count <= 64
      && name.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
        guard let first = part.utf8.first, first != UInt8(ascii: "-"), first != UInt8(ascii: "+") else { return false }
        return part.utf8.allSatisfy { byte in
          switch byte {
          case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+"):
            true
          default: false
          }
        }
      }
  }
}
