internal import FollowUpCore

/// A table of the configuration as its reader sees it: keys are asked for one by one, wrong values are reported where they
/// stand, and `close()` reports what nobody asked for.
final class Section {
  let file: String
  let log: FaultLog
  let path: TOMLPath
  let line: Int
  private let values: [String: TOMLNode]
  /// In the order of asking, which is that of the manual.
  private var asked: [String] = []
  /// Keys that must be there and are not, each with an example.
  private var missing: [(key: String, example: String)] = []

  init(file: String, log: FaultLog, node: TOMLNode) {
    self.file = file
    self.log = log
    path = node.path
    line = node.line
    if case .table(let values) = node.value { self.values = values } else { values = [:] }
  }

  /// Keys that are there.
  var keys: [String] { values.keys.sorted() }

  func has(_ key: String) -> Bool { values[key] != nil }

  /// The line of a key, or of the section where the key is missing.
  func line(of key: String) -> Int { values[key]?.line ?? line }

  func node(_ key: String) -> TOMLNode? {
    if !asked.contains(key) { asked.append(key) }
    return values[key]
  }

  /// Reports the keys that are missing, and those that nobody asked for. A misspelt one that must be there is one fault.
  func close() {
    var meant: Set<String> = []
    for key in keys where !asked.contains(key) {
      // A key that is there already was not meant.
      let nearest = Spelling.nearest(to: key, among: asked.filter { !has($0) })
      if let nearest { meant.insert(nearest) }
      let list = asked.isEmpty ? "remove it" : "remove it, or use one of " + asked.joined(separator: ", ")
      report(key, "there is no such key", nearest.map { "did you mean \($0)?" } ?? list)
    }
    for (key, example) in missing where !meant.contains(key) {
      report(key, "it is missing", "write \(key) = \(example)")
    }
    missing = []
  }

  func report(_ key: String, _ what: String, _ whatToDo: String) {
    log.report(file, line(of: key), path.key(key).description, what, whatToDo)
  }

  func report(_ node: TOMLNode, _ what: String, _ whatToDo: String) {
    log.report(file, node.line, node.path.description, what, whatToDo)
  }

  /// A key that must be there; `close()` reports it if it is not.
  func require(_ key: String, example: String) -> Bool {
    if node(key) != nil { return true }
    missing.append((key, example))
    return false
  }
}
