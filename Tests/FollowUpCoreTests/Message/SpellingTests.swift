import FollowUpCore
import Testing

@Suite struct SpellingTests {
  @Test(
    "Did you mean: the nearest word, if one is near enough",
    arguments: [
      ("nmae", "name"), ("fone", "zone"), ("phon", "phone"), ("backlog", "backlog_limit"), ("ZONE", "zone"),
      ("zzz", nil), ("", nil),
      ("preset", "preset"), ("presett", "preset"),
    ])
  func nearest(text: String, expected: String?) {
    let words = ["name", "zone", "phone", "backlog_limit", "preset"]
    #expect(Spelling.nearest(to: text, among: words) == expected)
  }

  @Test("A plan is stored as the same text whenever it is, and reads back to itself")
  func plan() throws {
    var plan = Plan(name: "p", title: "Ä/b", priority: .soon, thenAfter: .literal("6h"))
    plan.steps = [Step(id: "a", at: .literal("-3d 10:00"), template: "visit", useful: .literal("48h"))]
    plan.escalation = Escalation(after: .literal("-1d 16:00"), to: .user("ana"), routine: true)
    let text = try plan.stored()
    #expect(try Plan(stored: text) == plan)
    #expect(try Plan(stored: text).stored() == text)
    #expect(text.contains("\"at\":\"-3d 10:00\"") && text.contains("Ä/b"))
  }
}
