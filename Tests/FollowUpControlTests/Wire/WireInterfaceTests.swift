import Foundation
import Support
import Testing

@testable import FollowUpControl

@Suite("The wire types are what the interface file says")
struct WireInterfaceTests {
  let interface: InterfaceText

  init() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let file = root.appending(path: "Sources/FollowUpControl/org.followupd.varlink")
    interface = try InterfaceText(String(contentsOf: file, encoding: .utf8))
  }

  @Test("Every method stands in both")
  func methods() {
    let names = ControlMethods.all.map { $0.name }
    #expect(Set(names).count == names.count)
    #expect(Set(names) == Set(interface.methods.keys.map { "org.followupd." + $0 }))
  }

  @Test("Every request has the fields that the file names, and may leave out those that it may", arguments: names)
  func requests(name: String) throws {
    let method = try #require(ControlMethods.all.first { $0.name == name })
    let expected = try #require(interface.methods[String(name.dropFirst(14))]).input
    let (full, bare) = try Self.requests(of: method)
    try check(full, expected, at: name)
    let required = expected.filter { if case .optional = $0.value { false } else { true } }
    #expect(Self.keys(bare) == Set(required.keys))
  }

  @Test("Every reply has the fields that the file names, null where they are empty", arguments: names)
  func replies(name: String) throws {
    let method = try #require(ControlMethods.all.first { $0.name == name })
    let expected = try #require(interface.methods[String(name.dropFirst(14))]).output
    let (full, bare) = try Self.replies(of: method)
    try check(full, expected, at: name)
    try check(bare, expected, at: name)
    for (field, kind) in expected {
      guard case .optional = kind else { continue }
      #expect(bare[field] == .null, "\(name): \(field)")
    }
  }

  @Test("Every request and reply reads back what it wrote", arguments: names)
  func roundTrips(name: String) throws {
    let method = try #require(ControlMethods.all.first { $0.name == name })
    try Self.roundTrip(of: method)
  }

  @Test("Every error stands in both, with the same fields")
  func errors() throws {
    let names = ControlError.Kind.allCases.map { String($0.varlinkName.dropFirst(14)) }
    #expect(Set(names) == Set(interface.errors.keys))
    let sample = try WireJSON.encode(try Sample.make(ControlError.self, full: true))
    for name in names {
      try check(try WireJSON.decode(JSON.self, from: sample), try #require(interface.errors[name]), at: name)
    }
  }

  static let names = ControlMethods.all.map { $0.name }

  private func check(_ value: JSON, _ expected: InterfaceText.Fields, at path: String) throws {
    #expect(Self.keys(value) == Set(expected.keys), "\(path)")
    for (field, kind) in expected {
      try check(value[field], kind, at: path + "." + field)
    }
  }

  private func check(_ value: JSON, _ kind: InterfaceText.Kind, at path: String) throws {
    switch (kind, value) {
    case (.string, .string), (.int, .int), (.float, .number), (.bool, .bool), (.optional, .null): break
    case (.optional(let inner), _): try check(value, inner, at: path)
    case (.array(let inner), .array(let items)): for item in items { try check(item, inner, at: path) }
    case (.named(let name), .object): try check(value, try #require(interface.types[name], "\(path)"), at: path)
    default: Issue.record("\(path): \(value) is not \(kind)")
    }
  }

  private static func keys(_ value: JSON) -> Set<String> {
    Set(value.keys)
  }

  private static func json(_ value: some Encodable) throws -> JSON {
    try WireJSON.decode(JSON.self, from: WireJSON.encode(value))
  }

  private static func requests<M: ControlMethod>(of method: M.Type) throws -> (JSON, JSON) {
    (try json(Sample.make(M.Request.self, full: true)), try json(Sample.make(M.Request.self, full: false)))
  }

  private static func replies<M: ControlMethod>(of method: M.Type) throws -> (JSON, JSON) {
    (try json(Sample.make(M.Reply.self, full: true)), try json(Sample.make(M.Reply.self, full: false)))
  }

  private static func roundTrip<M: ControlMethod>(of method: M.Type) throws {
    for full in [true, false] {
      let request = try WireJSON.encode(Sample.make(M.Request.self, full: full))
      #expect(try WireJSON.encode(WireJSON.decode(M.Request.self, from: request)) == request)
      let reply = try WireJSON.encode(Sample.make(M.Reply.self, full: full))
      #expect(try WireJSON.encode(WireJSON.decode(M.Reply.self, from: reply)) == reply)
    }
  }
}
