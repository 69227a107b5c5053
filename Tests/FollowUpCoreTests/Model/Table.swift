import Testing

/// A table as a test writes it: columns named by the first line, rows by their first word, cells apart by spaces.
struct Table: Sendable {
  struct Cell: Sendable, CustomTestStringConvertible {
    var row: String
    var column: String
    var value: String

    var testDescription: String { "\(row), \(column): \(value)" }
  }

  var columns: [String] = []
  var rows: [String] = []
  var cells: [Cell] = []

  init(_ text: String) {
    let lines = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    guard let first = lines.first else { return }
    columns = first
    for line in lines.dropFirst() {
      precondition(line.count == columns.count + 1, "a row of \(line.count) words: \(line)")
      rows.append(line[0])
      cells += zip(columns, line.dropFirst()).map { Cell(row: line[0], column: $0, value: $1) }
    }
  }
}
