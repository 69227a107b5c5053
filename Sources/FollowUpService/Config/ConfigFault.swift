/// One thing that is wrong in the configuration, for the person who edits it.
package struct ConfigFault: Sendable, Hashable, CustomStringConvertible {
  package var file: String
  /// From 1.
  package var line: Int
  /// Dotted, from the file's beginning: `channels.email.url`, `step[2].at` (elements count from 0).
  package var key: String
  package var what: String
  package var whatToDo: String

  package init(file: String, line: Int, key: String, what: String, whatToDo: String) {
    self.file = file
    self.line = line
    self.key = key
    self.what = what
    self.whatToDo = whatToDo
  }

  /// `FILE:LINE: KEY: WHAT: WHAT TO DO` (`interface.md`).
  package var description: String { "\(file):\(line): \(key): \(what): \(whatToDo)" }
}

/// A configuration that is not taken over, with every fault in it.
package struct ConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
  /// By file and line; never empty.
  package var faults: [ConfigFault]

  /// A line a fault.
  package var description: String { faults.map(\.description).joined(separator: "\n") }
}

/// Where readers leave the faults that they find, so that one does not hide the next.
final class FaultLog {
  private(set) var faults: [ConfigFault] = []

  /// A value that two readers look at is one fault.
  func report(_ fault: ConfigFault) {
    if !faults.contains(fault) { faults.append(fault) }
  }

  func report(_ file: String, _ line: Int, _ key: String, _ what: String, _ whatToDo: String) {
    report(ConfigFault(file: file, line: line, key: key, what: what, whatToDo: whatToDo))
  }

  /// By line within a file; files in the order in which they were read.
  var sorted: [ConfigFault] {
    var order: [String: Int] = [:]
    for fault in faults where order[fault.file] == nil { order[fault.file] = order.count }
    return faults.enumerated().sorted { a, b in
      (order[a.element.file] ?? 0, a.element.line, a.offset) < (order[b.element.file] ?? 0, b.element.line, b.offset)
    }.map(\.element)
  }
}
