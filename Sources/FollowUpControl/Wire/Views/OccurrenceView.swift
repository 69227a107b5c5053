/// One date of a follow-up.
package struct OccurrenceView: Codable, Equatable, Sendable {
  /// `F-12@2026-12-01`.
  package var id: String
  /// The civil date that the rule yielded; moves do not change it.
  package var key: String
  /// Civil, `2026-12-01T14:30`, in `zone`.
  package var due: String
  package var zone: String
  package var dueAt: String
  package var revision: Int
  /// `open`, `confirmed`, `completed`, `missed`, `cancelled`.
  package var status: String
  /// `none`, `yes`, `no`, `rearrange`, `call-me`.
  package var answer: String
  /// The civil time that the patient was last told.
  @Nullable package var told: String?

  package init(
    id: String, key: String, due: String, zone: String, dueAt: String, revision: Int, status: String,
    answer: String, told: String?
  ) {
    self.id = id
    self.key = key
    self.due = due
    self.zone = zone
    self.dueAt = dueAt
    self.revision = revision
    self.status = status
    self.answer = answer
    self.told = told
  }
}
