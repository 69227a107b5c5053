internal import TOMLKit

/// The one place that knows TOMLKit. Its decoding containers report a wrong type as a missing key and can trap, and it keeps
/// no positions; so its tables are walked here, and lines come from `TOMLLines` (`delivery.md`, trap 10).
enum TOMLDocument {
  /// The root table of a file's text; nil, with a fault left in the log, for a text that is no TOML.
  static func parse(_ text: String, file: String, log: FaultLog) -> TOMLNode? {
    // TOMLKit hands texts over as C strings, which a NUL would cut short.
    if let line = lineOfNUL(text) {
      log.report(file, line, "toml", "the file holds a NUL character", "remove it")
      return nil
    }
    let lines = TOMLLines(text)
    if let line = lines.fatal {
      log.report(
        file, line, "toml", "a bracket is out of place", "write [NAME] or [[NAME]] for a table, [ … ] for a list")
      return nil
    }
    do {
      let table = try TOMLTable(string: text)
      return node(of: table, at: TOMLPath(), lines: lines)
    } catch let error as TOMLParseError {
      let what = error.description.split(whereSeparator: \.isNewline).joined(separator: " ")
      log.report(file, max(1, error.source.begin.line), "toml", what, "mend the line, or the one before it")
    } catch {
      log.report(file, 1, "toml", "the file cannot be read as TOML", "compare it with the example that is shipped")
    }
    return nil
  }

  private static func node(of table: TOMLTable, at path: TOMLPath, lines: TOMLLines) -> TOMLNode {
    var children: [String: TOMLNode] = [:]
    for key in table.keys {
      guard let value = table[key] else { continue }
      children[key] = node(of: value, at: path.key(key), lines: lines)
    }
    return TOMLNode(value: .table(children), path: path, line: lines.line(of: path))
  }

  private static func node(of value: any TOMLValueConvertible, at path: TOMLPath, lines: TOMLLines) -> TOMLNode {
    if let table = value.table { return node(of: table, at: path, lines: lines) }
    return TOMLNode(value: scalar(value, path, lines), path: path, line: lines.line(of: path))
  }

  private static func scalar(_ value: any TOMLValueConvertible, _ path: TOMLPath, _ lines: TOMLLines) -> TOMLNode.Value
  {
    if let array = value.array {
      return .list(array.enumerated().map { node(of: $1, at: path.element($0), lines: lines) })
    }
    if let text = value.string { return .text(text) }
    if let flag = value.bool { return .flag(flag) }
    if let integer = value.int { return .integer(integer) }
    if let number = value.double { return .number(number) }
    return .moment
  }

  private static func lineOfNUL(_ text: String) -> Int? {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let spellings = ["\0", #"\u0000"#, #"\U00000000"#]
    return lines.firstIndex { line in spellings.contains { line.contains($0) } }.map { $0 + 1 }
  }
}
