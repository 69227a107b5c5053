import Foundation

/// Where the sources lie, for tests that read them and for the peers that stand in `Tests/Fixtures`. Paths are absolute.
package enum Repository {
  package static let root: String = {
    let here = URL(filePath: #filePath)
    return here.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
  }()

  package static func path(_ relative: String) -> String { "\(root)/\(relative)" }
  package static func fixture(_ name: String) -> String { path("Tests/Fixtures/\(name)") }

  package static func read(_ relative: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: path(relative))), as: UTF8.self)
  }

  /// The files below a folder whose names end in `suffix`, as paths relative to the root, sorted.
  package static func files(below folder: String, suffix: String) -> [String] {
    let names = FileManager.default.enumerator(atPath: path(folder))?.compactMap { $0 as? String } ?? []
    return names.filter { $0.hasSuffix(suffix) }.sorted().map { "\(folder)/\($0)" }
  }

  /// The interpreter that has the peers' packages; `scripts/test` makes it.
  package static var python: String { path(".build-python/bin/python3") }
}
