package import FollowUpCore

/// How the ids of things are spelled, to people, on the wire, in audit records and as subjects (`interface.md`, ID).
package enum SubjectID {
  package static func followUp(_ id: Int64) -> String { "F-\(id)" }
  package static func occurrence(followUp id: Int64, key: String) -> String { "F-\(id)@\(key)" }
  package static func patient(_ id: Int64) -> String { "P:\(id)" }
  package static func message(_ id: Int64) -> String { "M-\(id)" }
  package static func task(_ id: Int64) -> String { "T-\(id)" }
  package static func hold(_ id: Int64) -> String { "H-\(id)" }
  package static func channel(_ name: String) -> String { "C:\(name)" }

  /// `F-12@2026-12-01/1/step/day-before`.
  package static func reminder(
    followUp id: Int64, key: String, revision: Int, kind: ReminderKind, step: String
  ) -> String {
    "F-\(id)@\(key)/\(revision)/\(kind.rawValue)/\(step)"
  }
}
