/// Lays fields out: tables, columns of labels, or a labelled line each.
struct Page {
  let format: Session.Format
  let paint: Paint

  /// Rows with the same labels each. Columns that are empty in all rows are left out.
  func table(_ rows: [[Field]]) -> String {
    guard let first = rows.first else { return "" }
    if format == .plain { return rows.map { labelled($0) }.joined(separator: "\n") }
    let columns = first.indices.filter { column in rows.contains { !$0[column].value.isEmpty } }
    let cells = rows.map { row in columns.map { row[$0].safe } }
    let heads = columns.map { first[$0].label.uppercased() }
    let widths = heads.indices.map { index in
      cells.map { $0[index].count }.reduce(heads[index].count) { max($0, $1) }
    }
    var out = paint.heading(line(heads, widths)) + "\n"
    for (row, cells) in zip(rows, cells) {
      let parts = columns.indices.map { index in
        let field = row[columns[index]]
        let last = index == columns.count - 1
        let padded = last ? cells[index] : pad(cells[index], widths[index])
        return field.kind == .state ? paint.state(field.value, padded: padded) : padded
      }
      out += trimmed(parts.joined(separator: "  ")) + "\n"
    }
    return out
  }

  /// One thing, a line a field; empty fields are left out.
  func labelled(_ fields: [Field]) -> String {
    let shown = fields.filter { !$0.value.isEmpty }
    let width = shown.map(\.label.count).max() ?? 0
    return shown.map { field in
      guard format != .plain else { return "\(field.label): \(field.safe)\n" }
      let value = field.kind == .state ? paint.state(field.value, padded: field.safe) : field.safe
      return pad(field.label, width) + "  " + value + "\n"
    }.joined()
  }

  func section(_ title: String, _ rows: [[Field]]) -> String {
    rows.isEmpty ? "" : "\n" + (format == .plain ? "" : paint.heading(title) + "\n") + table(rows)
  }

  private func line(_ texts: [String], _ widths: [Int]) -> String {
    trimmed(zip(texts, widths).map { pad($0, $1) }.joined(separator: "  "))
  }

  private func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private func trimmed(_ text: String) -> String {
    var text = text
    while text.last == " " { text.removeLast() }
    return text
  }
}
