internal import CSystemd
internal import Glibc

/// The names of the zones in a folder: asked for only when a name is not among them.
struct ZoneNames {
  var folder: String

  /// The folders within, such as `America`, sorted.
  var regions: [String] {
    entries(folder).filter(\.isFolder).map(\.name).filter { SystemZones.isName($0) && $0 != "posix" && $0 != "right" }
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

  private func all() -> [String] {
    var names: [String] = []
    var open = [""]
    while let prefix = open.popLast(), names.count < 10_000 {
      for entry in entries(prefix.isEmpty ? folder : "\(folder)/\(prefix)") where SystemZones.isName(entry.name) {
        let name = prefix.isEmpty ? entry.name : "\(prefix)/\(entry.name)"
        if !entry.isFolder {
          names.append(name)
        } else if name != "posix", name != "right", prefix.utf8.count < 40 {
          open.append(name)
        }
      }
    }
    return names.sorted()
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
