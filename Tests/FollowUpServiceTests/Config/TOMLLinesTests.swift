import Testing

@testable import FollowUpService

@Suite struct TOMLLinesTests {
  static let text = """
    # A comment with = and [brackets]
    top = 1

    [a.b]   # another
    "quoted key" = "x # no comment"
    list = [
      "one",   # first
      [2, 3],
      { deep = true },
    ]
    long = \"""
    [not.a.table]
    key = 1 \\" \"""\"\"
    after = 'it''s'
    [[step]]
    at = 1
    [[step]]
    at = 2
    [step.inner]
    x.y = 3
    [[step]]
    """

  @Test(
    "Each key is found on its line",
    arguments: [
      ("top", 2), ("a", 4), ("a.b", 4), ("a.b.\"quoted key\"", 5), ("a.b.list", 6), ("a.b.list[0]", 7),
      ("a.b.list[1]", 8), ("a.b.list[1][1]", 8), ("a.b.list[2].deep", 9), ("a.b.long", 11), ("a.b.after", 14),
      ("step[0]", 15), ("step[0].at", 16), ("step[1].at", 18), ("step[1].inner", 19), ("step[1].inner.x.y", 20),
      ("step[2]", 21),
    ])
  func found(key: String, line: Int) throws {
    let log = FaultLog()
    let root = try #require(
      TOMLDocument.parse(Self.text.replacing("''s", with: "s"), file: "f", log: log), "\(log.faults)")
    #expect(Self.lines(root)[key] == line)
  }

  @Test("What is nowhere itself has the line of the table around it")
  func nearest() {
    let lines = TOMLLines(Self.text)
    #expect(lines.line(of: TOMLPath().key("a").key("b").key("missing")) == 4)
    #expect(lines.line(of: TOMLPath().key("nothing")) == 1)
  }

  @Test(
    "Texts that are no TOML end the scan all the same",
    arguments: ["[", "a", "= =", "x = [", "\"", "x = {a", "]]", "'"])
  func broken(text: String) {
    #expect(TOMLLines(text).line(of: TOMLPath().key("nothing")) == 1)
  }

  private static func lines(_ node: TOMLNode) -> [String: Int] {
    var result = [node.path.description: node.line]
    switch node.value {
    case .table(let children): for child in children.values { result.merge(lines(child)) { a, _ in a } }
    case .list(let elements): for element in elements { result.merge(lines(element)) { a, _ in a } }
    default: break
    }
    return result
  }
}
