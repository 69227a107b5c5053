/// All templates of a configuration.
package struct TemplateSet: Sendable, Hashable {
  /// What check 7 of R12 sees.
  package enum Found: Sendable, Hashable {
    case reviewed(Template)
    /// There is a text, but nobody has signed it: reason `not-reviewed`.
    case notReviewed(Template)
    /// Reason `no-template`.
    case missing
  }

  private struct Key: Hashable {
    var name: String
    var language: String
    var form: Template.Form
  }

  private var templates: [Key: Template] = [:]

  package init(_ templates: some Sequence<Template> = []) {
    for template in templates { insert(template) }
  }

  /// Adds a template, or replaces the one of its name, language and form.
  package mutating func insert(_ template: Template) {
    let key = Key(name: template.name, language: template.language.lowercased(), form: template.form)
    templates[key] = template
  }

  /// In order of name, language, form.
  package var all: [Template] { templates.values.sorted { $0.fileName < $1.fileName } }

  package var names: Set<String> { Set(templates.keys.map(\.name)) }

  /// The text for a patient: in their language or a wider one (`en` for `en-CA`), else in a fallback; the first that is
  /// reviewed. E-mail gets the full text, other channels the short one where there is one.
  package func find(name: String, language: String, fallback: [String], channel: String) -> Found {
    var unsigned: Template?
    for tag in ([language] + fallback).flatMap(LanguageTag.lookup) {
      guard let template = template(name: name, language: tag, channel: channel) else { continue }
      if template.reviewed != nil { return .reviewed(template) }
      if unsigned == nil { unsigned = template }
    }
    return unsigned.map(Found.notReviewed) ?? .missing
  }

  private func template(name: String, language: String, channel: String) -> Template? {
    let full = Key(name: name, language: language, form: .full)
    let short = Key(name: name, language: language, form: .short)
    return channel == "email" ? templates[full] : templates[short] ?? templates[full]
  }
}
