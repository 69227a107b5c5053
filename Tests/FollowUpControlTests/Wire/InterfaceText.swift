/// The interface file, read as far as the tests need it (Varlink Interface Definition, grammar).
struct InterfaceText {
  indirect enum Kind: Equatable {
    case string, int, float, bool
    case named(String)
    case optional(Kind)
    case array(Kind)
  }

  typealias Fields = [String: Kind]

  private(set) var types: [String: Fields] = [:]
  private(set) var methods: [String: (input: Fields, output: Fields)] = [:]
  private(set) var errors: [String: Fields] = [:]

  struct Malformed: Error {
    let rest: String
  }

  private var tokens: ArraySlice<String>

  init(_ text: String) throws {
    let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.joined(separator: "\n")
    var tokens: [String] = []
    var word = ""
    for character in lines {
      if character.isLetter || character.isNumber || ".->[]_".contains(character) {
        word.append(character)
      } else {
        if !word.isEmpty { tokens.append(word) }
        word = ""
        if !character.isWhitespace { tokens.append(String(character)) }
      }
    }
    self.tokens = (tokens + (word.isEmpty ? [] : [word]))[...]
    try expect("interface")
    try expect("org.followupd")
    while let keyword = self.tokens.popFirst() {
      let name = try next()
      switch keyword {
      case "type": types[name] = try fields()
      case "error": errors[name] = try fields()
      case "method":
        let input = try fields()
        try expect("->")
        methods[name] = (input, try fields())
      default: throw Malformed(rest: keyword)
      }
    }
  }

  private mutating func next() throws -> String {
    guard let token = tokens.popFirst() else { throw Malformed(rest: "the end") }
    return token
  }

  private mutating func expect(_ token: String) throws {
    guard try next() == token else { throw Malformed(rest: "\(token) expected before \(tokens.prefix(5))") }
  }

  private mutating func fields() throws -> Fields {
    try expect("(")
    var fields: Fields = [:]
    while tokens.first != ")" {
      let name = try next()
      try expect(":")
      guard fields.updateValue(try kind(), forKey: name) == nil else { throw Malformed(rest: "\(name) twice") }
      if tokens.first == "," { tokens.removeFirst() }
    }
    tokens.removeFirst()
    return fields
  }

  private mutating func kind() throws -> Kind {
    var token = try next()
    if token == "?" { return .optional(try kind()) }
    guard token.hasPrefix("[]") else { return Self.plain(token) }
    token.removeFirst(2)
    return .array(Self.plain(token))
  }

  private static func plain(_ token: String) -> Kind {
    switch token {
    case "string": .string
    case "int": .int
    case "float": .float
    case "bool": .bool
    default: .named(token)
    }
  }
}
