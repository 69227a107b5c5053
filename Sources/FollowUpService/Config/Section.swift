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

  /// Reports the keys that nobody asked for.
  func close() {
    for key in keys where !asked.contains(key) {
      let hint = Spelling.nearest(to: key, among: asked).map { "did you mean \($0)?" }
      let list = asked.isEmpty ? "remove it" : "remove it, or use one of " + asked.joined(separator: ", ")
      report(key, "there is no such key", hint ?? list)
    }
  }

  func report(_ key: String, _ what: String, _ whatToDo: String) {
    log.report(file, line(of: key), path.key(key).description, what, whatToDo)
  }

  func report(_ node: TOMLNode, _ what: String, _ whatToDo: String) {
    log.report(file, node.line, node.path.description, what, whatToDo)
  }

  /// Reports that a key which must be there is not.
  func reportMissing(_ key: String, _ example: String) {
    report(key, "it is missing", "write \(key) = \(example)")
  }
}
