/// The reply of a verb that makes or changes one thing: the fields of that thing, and beside them what happened.
package struct Changed<Thing: Codable & Equatable & Sendable>: ActingReply, Equatable {
  /// The thing as it is now; for a preview or a dry run, as it would be or still is.
  package var thing: Thing
  /// False when there was nothing to change, and for a preview or a dry run.
  package var changed: Bool
  /// What happened, in one line that can be read out to the patient.
  package var said: String
  /// The command that takes it back; nil if none does.
  package var undo: String?
  /// What staff should know beside it, a sentence each.
  package var warnings: [String]
  package var preview: Preview?

  package init(
    _ thing: Thing, changed: Bool, said: String, undo: String? = nil, warnings: [String] = [], preview: Preview? = nil
  ) {
    self.thing = thing
    self.changed = changed
    self.said = said
    self.undo = undo
    self.warnings = warnings
    self.preview = preview
  }

  private enum CodingKeys: CodingKey {
    case changed, said, undo, warnings, preview
  }

  package init(from decoder: any Decoder) throws {
    thing = try Thing(from: decoder)
    let container = try decoder.container(keyedBy: CodingKeys.self)
    changed = try container.decode(Bool.self, forKey: .changed)
    said = try container.decode(String.self, forKey: .said)
    undo = try container.decodeIfPresent(String.self, forKey: .undo)
    warnings = try container.decodeIfPresent([String].self, forKey: .warnings) ?? []
    preview = try container.decodeIfPresent(Preview.self, forKey: .preview)
  }

  package func encode(to encoder: any Encoder) throws {
    try thing.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(changed, forKey: .changed)
    try container.encode(said, forKey: .said)
    try container.encode(undo, forKey: .undo)
    try container.encode(warnings, forKey: .warnings)
    try container.encode(preview, forKey: .preview)
  }
}
