internal import CSystemd
internal import Glibc

/// The names of the zones in a folder: asked for only when a name is not among them.
struct ZoneNames {
  var folder: String

  /// The folders within, such as `America` and `America/Indiana`, sorted.
  var folders: [String] { walk().filter(\.isFolder).map(\.name) }

  /// A hash of the names and bytes of all zone files.
  func fingerprint(largestFile: Int) -> UInt64 {
    var hash = FNV()
    for name in all() {
      guard let bytes = FileStamp.contents(of: "\(folder)/\(name)", atMost: largestFile),
        bytes.starts(with: "TZif".utf8)
      else { continue }
      hash.add(name.utf8)
      bytes.withUnsafeBufferPointer { hash.add($0) }
    }
    return hash.value
  }

  /// The zone whose name differs least from `name`, capitals aside; nil if none is near.
  func nearest(to name: String) -> String? {
    let wanted = Array(name.lowercased().utf8)
    guard wanted.count <= 64 else { return nil }
    var best: (name: String, distance: Int)?
    for candidate in all() {
      let folded = Array(candidate.lowercased().utf8)
      // `Vancouver` and `berlin` stand for the zone that ends so.
      let distance =
        folded.count > wanted.count && folded.suffix(wanted.count + 1).elementsEqual([UInt8(ascii: "/")] + wanted)
        ? 1 : Self.edits(folded, wanted)
      if distance < best?.distance ?? 4 { best = (candidate, distance) }
    }
    return best?.name
  }

  private func all() -> [String] { walk().filter { !$0.isFolder }.map(\.name) }

  /// Everything below the folder that can be a zone or hold one, sorted.
  private func walk() -> [(name: String, isFolder: Bool)] {
    var found: [(name: String, isFolder: Bool)] = []
    var open = [""]
    while let prefix = open.popLast(), found.count < 10_000 {
      for entry in entries(prefix.isEmpty ? folder : "\(folder)/\(prefix)") where SystemZones.isName(entry.name) {
        let name = prefix.isEmpty ? entry.name : "\(prefix)/\(entry.name)"
        guard name != "posix", name != "right", prefix.utf8.count < 40 || !entry.isFolder else { continue }
        found.append((name, entry.isFolder))
        if entry.isFolder { open.append(name) }
      }
    }
    return found.sorted { $0.name < $1.name }
  }

  private func entries(_ path: String) -> [(name: String, isFolder: Bool)] {
    guard let stream = opendir(path) else { return [] }
    defer { closedir(stream) }
    var entries: [(name: String, isFolder: Bool)] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { entries.append((name, Int(entry.pointee.d_type) == Int(DT_DIR))) }
    }
    return entries.sorted { $0.name < $1.name }
  }

  /// Insertions, deletions and replacements between two texts.
  private static func edits(_ a: [UInt8], _ b: [UInt8]) -> Int {
    guard abs(a.count - b.count) < 4 else { return 4 }
    var row = Array(0...b.count)
    for (i, left) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, right) in b.enumerated() {
        let replaced = diagonal + (left == right ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, min(row[j], row[j + 1]) + 1)
      }
    }
    return row[b.count]
  }
}

/// FNV-1a, taken eight bytes at a time: a change of any byte shows, and no secret depends on it.
private struct FNV {
  private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func add(_ bytes: some Sequence<UInt8>) {
    var hash = value
    var word: UInt64 = 0
    var count: UInt64 = 0
    for byte in bytes {
      word = word << 8 | UInt64(byte)
      count &+= 1
      if count & 7 == 0 { hash = (hash ^ word) &* 0x0000_0100_0000_01b3 }
    }
    hash = (hash ^ word) &* 0x0000_0100_0000_01b3
    value = (hash ^ count) &* 0x0000_0100_0000_01b3
  }
}
