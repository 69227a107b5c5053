/// A text with gaps, in one language, for e-mail or for the other channels.
package struct Template: Sendable, Hashable {
  /// The channels that a text is written for.
  package enum Form: String, Sendable, Hashable, CaseIterable {
    /// `NAME.LANGUAGE.txt`: e-mail, and the others where there is no short one.
    case full
    /// `NAME.LANGUAGE.sms.txt`: all channels but e-mail.
    case short
  }

  package enum Piece: Sendable, Hashable {
    case text(String)
    case gap(Placeholder)
  }

  package var name: String
  /// BCP 47, as the file's name spells it.
  package var language: String
  package var form: Form
  /// One line; empty where the file has no `Subject:`.
  package var subject: [Piece]
  /// Who reviewed it, and when; nil: not reviewed, and not sent (R12, check 7).
  package var reviewed: String?
  /// Lines, each of pieces.
  package var body: [[Piece]]
  /// The file's text, as it was read: two templates are the same if it is.
  package var source: String

  /// The placeholders in subject and body.
  package var placeholders: Set<Placeholder> {
    var result: Set<Placeholder> = []
    for piece in subject + body.joined() {
      if case .gap(let placeholder) = piece { result.insert(placeholder) }
    }
    return result
  }

  /// The name of its file: `visit.en.sms.txt`.
  package var fileName: String { "\(name).\(language)\(form == .short ? ".sms" : "").txt" }
}

/// What is wrong in a template's file, and where.
package struct TemplateFault: Sendable, Hashable, Error {
  /// From 1.
  package var line: Int
  /// The header or placeholder in question; `template` for the file as a whole.
  package var key: String
  package var what: String
  package var whatToDo: String
}

/// What a file in `templates/` holds.
package enum TemplateFile: Sendable, Hashable {
  case template(Template)
  /// `Disabled: true` in its header: the shipped one of that name is removed.
  case disabled
}
