internal import FollowUpControl

/// What can be shown: in a row of a list, and by itself.
protocol Thing: Codable, Equatable, Sendable {
  /// What `-q` prints: what to type to mean this thing.
  var shortID: String { get }
  /// Ids first, names and notes last; the same labels in each row.
  var row: [Field] { get }
  /// The whole thing.
  func details(on page: Page) -> String
}

extension Session {
  var page: Page { Page(format: format, paint: paint) }

  /// Prints a page of a list; `empty`: what to say, and do, when there is nothing.
  func list<T: Thing>(_ list: ItemList<T>, empty: String) throws(CommandError) -> Int32 {
    switch format {
    case .json: try json(list)
    case .ids: for item in list.items { console.out(SafeText.escaped(item.shortID) + "\n") }
    case .text, .plain:
      if list.items.isEmpty { console.out(empty + "\n") }
      console.out(page.table(list.items.map(\.row)))
      if let next = list.next {
        console.out("\n\(list.items.count) of \(list.total); go on with --after \(SafeText.escaped(next))\n")
      }
      notes(list.warnings)
    }
    return 0
  }

  /// What staff should know beside what is shown.
  func notes(_ warnings: [String]?) {
    guard let warnings, !warnings.isEmpty else { return }
    console.out("\n")
    for warning in warnings {
      console.out("Note: " + SafeText.escaped(warning) + "\n")
    }
  }

  /// Prints one thing.
  func show<T: Thing>(_ thing: T) throws(CommandError) -> Int32 {
    switch format {
    case .json: try json(thing)
    case .ids: console.out(SafeText.escaped(thing.shortID) + "\n")
    case .text, .plain: console.out(thing.details(on: page))
    }
    return 0
  }

  /// Prints what happened to one thing; nil: nobody agreed to it.
  func changed<T: Thing>(_ reply: Changed<T>?) throws(CommandError) -> Int32 {
    guard let reply else { return 0 }
    switch format {
    case .json: try json(reply)
    case .ids: console.out(SafeText.escaped(reply.thing.shortID) + "\n")
    case .text, .plain:
      said([reply.said], id: reply.thing.shortID, preview: reply.preview, warnings: reply.warnings, undo: reply.undo)
    }
    return 0
  }

  /// Prints what happened to several things; `single`: one was named, so for programs it is that thing.
  func changed<T: Thing>(_ reply: ChangedList<T>?, single: Bool) throws(CommandError) -> Int32 {
    guard let reply else { return 0 }
    switch format {
    case .json:
      if single, let item = reply.items.first, reply.items.count == 1, reply.failures.isEmpty {
        let one = Changed(
          item, changed: reply.changed > 0, said: reply.said.joined(separator: " "), undo: reply.undo,
          warnings: reply.warnings, preview: reply.preview)
        try json(one)
      } else {
        try json(reply)
      }
    case .ids: for item in reply.items { console.out(SafeText.escaped(item.shortID) + "\n") }
    case .text, .plain:
      said(reply.said, id: nil, preview: reply.preview, warnings: reply.warnings, undo: reply.undo)
    }
    _ = try console.finish()
    if format != .json {
      for failure in reply.failures {
        console.err(SafeText.escaped("followupctl: \(failure.what): \(failure.why): \(failure.hint)") + "\n")
      }
    }
    return reply.failures.isEmpty ? 0 : 1
  }

  /// Prints a document of the reply's own shape.
  func json(_ value: some Encodable) throws(CommandError) {
    do {
      console.out(String(decoding: try WireJSON.encode(value), as: UTF8.self) + "\n")
    } catch {
      throw CommandError(
        code: "internal", exitCode: 70, what: path, why: "the answer cannot be written as JSON",
        hint: "leave out --json")
    }
  }

  private func said(_ lines: [String], id: String?, preview: Preview?, warnings: [String], undo: String?) {
    if let preview {
      show(preview)
      if preview.lines.isEmpty { for line in lines { console.out(SafeText.escaped(line) + "\n") } }
      console.out("Nothing was changed.\n")
      return
    }
    if format == .plain {
      let fields =
        [Field("Id", id)] + lines.map { Field("Said", $0) } + warnings.map { Field("Note", $0) } + [Field("Undo", undo)]
      console.out(page.labelled(fields))
      return
    }
    for line in lines { console.out(SafeText.escaped(line) + "\n") }
    for warning in warnings { console.out("Note: " + SafeText.escaped(warning) + "\n") }
    if let undo { console.out("Undo: " + SafeText.escaped(undo) + "\n") }
  }
}
