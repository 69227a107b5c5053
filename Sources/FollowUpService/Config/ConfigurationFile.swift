internal import FollowUpCore
internal import FoundationEssentials

/// Files of the configuration: texts in UTF-8, of sizes that people write.
enum ConfigurationFile {
  static let largest = 1 << 20

  /// The text of a file; nil, with a fault left in the log, if there is none to be had.
  static func read(_ path: String, _ log: FaultLog) -> String? {
    guard let data = FileManager.default.contents(atPath: path) else {
      let exists = FileManager.default.fileExists(atPath: path)
      log.report(
        path, 1, "file", exists ? "the file cannot be read" : "there is no such file",
        exists ? "let the user of followupd read it" : "write it, or name another with --config")
      return nil
    }
    guard data.count <= largest else {
      log.report(path, 1, "file", "the file is larger than 1 MiB", "see whether it is the right one")
      return nil
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      log.report(path, firstBadLine(data), "file", "the line is not UTF-8", "save the file in UTF-8")
      return nil
    }
    // What some editors write before the text.
    return text.hasPrefix("\u{FEFF}") ? String(text.unicodeScalars.dropFirst()) : text
  }

  /// Files of a folder whose names end so, in order; none if there is no such folder. Hidden ones are editors' own.
  static func list(_ folder: String, suffix: String, _ log: FaultLog) -> [String] {
    guard FileManager.default.fileExists(atPath: folder) else { return [] }
    do {
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      return names.filter { $0.hasSuffix(suffix) && !$0.hasPrefix(".") }.sorted()
    } catch {
      log.report(folder, 1, "file", "the folder cannot be read", "let the user of followupd read it")
      return []
    }
  }

  private static func firstBadLine(_ data: Data) -> Int {
    let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    return (lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0) + 1
  }
}
