import FollowUpStore
import FollowUpSystem
import Testing

@testable import FollowUpService

@Suite struct StartErrorTests {
  static let errors: [StoreError] = [
    .notWritable(path: "/state", why: "read-only"), .anotherInstance(path: "/state"),
    .damaged(path: "/state/followupd.sqlite", why: "a page"), .newer(path: "/state", found: 9, known: 1),
    .notDurable(found: 1), .keyMissing(path: "/state/keys/audit"), .failed(why: "sqlite-10"),
  ]

  @Test(
    "The journal's line has all that its event names, and nothing in it is taken for a patient's", arguments: errors)
  func fields(error: StoreError) {
    let start = StartError(error)
    let names = start.event.sentence.matches(of: /\{([A-Z_]+)\}/).map { String($0.1) }
    #expect(Set(names) == Set(start.fields.pairs.map(\.field.rawValue)))
    for (field, value) in start.fields.pairs { #expect(field.checked(value) == value) }
  }
}
