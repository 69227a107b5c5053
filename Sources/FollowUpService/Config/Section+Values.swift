internal import FollowUpCore

extension Section {
  // Each of these gives nil for a key that is not there, and for one that is wrong, which it reports.

  func text(_ key: String) -> String? { node(key).flatMap(text) }

  /// A text with something in it.
  func filled(_ key: String, example: String) -> String? {
    guard let node = node(key), let text = text(node) else { return nil }
    guard !text.trimmed.isEmpty else {
      report(node, "it is empty", "write \(key) = \(example)")
      return nil
    }
    return text.trimmed
  }

  /// A text that must be there, with something in it.
  func required(_ key: String, example: String) -> String? {
    require(key, example: example) ? filled(key, example: example) : nil
  }

  func flag(_ key: String) -> Bool? {
    guard let node = node(key) else { return nil }
    if case .flag(let value) = node.value { return value }
    report(node, "it is \(node.kind), not true or false", "write \(key) = true or \(key) = false, without quotes")
    return nil
  }

  func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
    guard let node = node(key) else { return nil }
    guard case .integer(let value) = node.value else {
      report(node, "it is \(node.kind), not a whole number", "write a number without quotes, as in \(key) = 20")
      return nil
    }
    guard range.contains(value) else {
      report(node, "\(value) is out of range", "write a number from \(range.lowerBound) to \(range.upperBound)")
      return nil
    }
    return value
  }

  /// A text with a form of its own.
  func value<Value: LosslessStringConvertible>(_ key: String, _ form: TextForm<Value>) -> Value? {
    node(key).flatMap { value($0, form) }
  }

  /// One of the words of an enumeration.
  func choice<Choice: RawRepresentable & CaseIterable>(_ key: String, _ type: Choice.Type) -> Choice?
  where Choice.RawValue == String {
    guard let node = node(key), let text = text(node) else { return nil }
    if let choice = Choice(rawValue: text) { return choice }
    let words = Choice.allCases.map(\.rawValue)
    let hint = Spelling.nearest(to: text, among: words).map { "did you mean \"\($0)\"?" }
    let list = words.map { "\"\($0)\"" }.joined(separator: ", ")
    report(node, "'\(text)' is not possible", hint ?? "write one of \(list)")
    return nil
  }

  /// A list whose elements `read` takes or reports; nil if the key is not there, is no list, or has a wrong element.
  func list<Element>(_ key: String, _ read: (TOMLNode) -> Element?) -> [Element]? {
    guard let node = node(key) else { return nil }
    guard case .list(let elements) = node.value else {
      report(node, "it is \(node.kind), not a list", "write it in brackets, as in \(key) = [ … ]")
      return nil
    }
    let values = elements.compactMap(read)
    return values.count == elements.count ? values : nil
  }

  func texts(_ key: String) -> [String]? { list(key, text) }

  func list<Value: LosslessStringConvertible>(_ key: String, _ form: TextForm<Value>) -> [Value]? {
    list(key) { value($0, form) }
  }

  func text(_ node: TOMLNode) -> String? {
    guard case .text(let text) = node.value else {
      report(node, "it is \(node.kind), not a text", "write it in double quotes")
      return nil
    }
    if text.unicodeScalars.contains(where: { $0.isControl && $0 != "\n" && $0 != "\t" }) {
      report(node, "it holds a control character", "remove it")
      return nil
    }
    return text.composed
  }

  func value<Value: LosslessStringConvertible>(_ node: TOMLNode, _ form: TextForm<Value>) -> Value? {
    guard let text = text(node) else { return nil }
    if let value = Value(text) { return value }
    report(node, "'\(text)' is no \(form.what)", form.whatToDo)
    return nil
  }

  /// An address, of e-mail where it holds an @ unless the channel is given.
  func address(_ node: TOMLNode, channel: String? = nil, country: String) -> Address? {
    guard let text = text(node) else { return nil }
    let channel = channel ?? (text.contains("@") ? "email" : "sms")
    do {
      return try Address.normalise(channel: channel, text: text, country: country)
    } catch {
      let examples = channel == "email" ? "\"name@example.org\"" : "\"name@example.org\" or \"+1 604 555 0100\""
      report(node, error.sentence, "write an address, as in \(examples)")
      return nil
    }
  }

  /// The table of that name; an empty one, at this section's line, where there is none.
  func section(_ key: String) -> Section {
    let empty = TOMLNode(value: .table([:]), path: path.key(key), line: line)
    guard let node = node(key) else { return Section(file: file, log: log, node: empty) }
    if case .table = node.value { return Section(file: file, log: log, node: node) }
    report(node, "it is \(node.kind), not a table", "write [\(node.path)] on a line of its own, and its keys below")
    return Section(file: file, log: log, node: empty)
  }

  /// The tables in a table, by their names, which must be plain ones: `[roles.nurse]`.
  func named(_ key: String) -> [(name: String, section: Section)] {
    let outer = section(key)
    return outer.keys.compactMap { name in
      let inner = outer.section(name)
      guard ConfiguredName(name) != nil else {
        outer.report(name, "'\(name)' is no name", ConfiguredName.rule)
        return nil
      }
      return (name, inner)
    }
  }

  /// The tables of an array: `[[step]]`.
  func sections(_ key: String) -> [Section] {
    guard let node = node(key) else { return [] }
    guard case .list(let elements) = node.value else {
      report(node, "it is \(node.kind), not a list of tables", "write [[\(key)]] before each")
      return []
    }
    return elements.compactMap { element in
      if case .table = element.value { return Section(file: file, log: log, node: element) }
      report(element, "it is \(element.kind), not a table", "write [[\(key)]] before each")
      return nil
    }
  }
}

/// What a fault says of a text that has not the form of its type.
struct TextForm<Value: LosslessStringConvertible> {
  var what: String
  var whatToDo: String
}

extension TextForm<TimeSpan> {
  static var duration: Self { Self(what: "duration", whatToDo: "write a number and a unit: 90m, 2h, 3d or 2w") }
}

extension TextForm<StepOffset> {
  static var offset: Self {
    Self(
      what: "distance from the visit",
      whatToDo: "write \"-3d 10:00\", \"0d 08:00\", \"+1d 10:00\", \"-2h\" or \"+0m\"")
  }
}

extension TextForm<CivilTime> {
  static var time: Self { Self(what: "time of day", whatToDo: "write hours and minutes, as in \"09:00\"") }
}

extension TextForm<HourRange> {
  static var hours: Self { Self(what: "range of hours", whatToDo: "write start and end, as in \"09:00-19:00\"") }
}

extension TextForm<Owner> {
  static var owner: Self { Self(what: "owner", whatToDo: "write \"role:NAME\" or \"user:NAME\", as in \"role:nurse\"") }
}
