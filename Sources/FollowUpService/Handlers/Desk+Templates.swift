internal import FollowUpControl
internal import FollowUpCore
internal import FoundationEssentials

/// The texts that patients are written to in (`messages.md`).
extension Desk {
  func listTemplates(_ request: ListTemplates.Request) -> ListTemplates.Reply {
    let shipped = Set(ConfigurationReader.builtIn.templates.all)
    let items = settings.templates.all.map { view($0, isShipped: shipped.contains($0)) }
    return ItemList(items: items, total: items.count)
  }

  /// Every fault of a folder's texts, or of all that are in use, with file and line.
  func checkTemplates(_ request: CheckTemplates.Request) throws -> CheckTemplates.Reply {
    var folder = service.templatesFolder
    if let named = try directory(request.directory) {
      guard FileManager.default.fileExists(atPath: named) else {
        let missing = ConfigFault(
          file: named, line: 1, key: "file", what: "there is no such folder, or the daemon may not see it",
          whatToDo: "name the folder that holds the texts")
        return CheckTemplates.Reply(ok: false, checked: 0, faults: [FollowUpControl.Fault(missing)], items: [])
      }
      // Who names the folder of the configuration means the texts in it.
      let inside = named + "/templates"
      folder = FileManager.default.fileExists(atPath: inside) ? inside : named
    }
    let (read, unreadable) = ConfigurationReader.templates(folder: folder)
    let own = request.directory == nil ? read : read.filter { !$0.isShipped }
    var faults = unreadable
    for file in own {
      for fault in settings.faults(of: file.template) {
        faults.append(
          ConfigFault(
            file: file.path, line: fault.line, key: fault.key, what: fault.what, whatToDo: fault.whatToDo))
      }
    }
    let checked = own.count + Set(unreadable.map(\.file)).subtracting(own.map(\.path)).count
    return CheckTemplates.Reply(
      ok: faults.isEmpty, checked: checked, faults: faults.map { FollowUpControl.Fault($0) },
      items: own.map { view($0.template, isShipped: $0.isShipped) })
  }

  private func view(_ template: Template, isShipped: Bool) -> TemplateView {
    let figures = TemplateFigures(of: template, clinic: settings.clinic)
    let plans = settings.plans.values.filter { $0.steps.contains { $0.template == template.name } }.map(\.name)
    return TemplateView(
      name: template.name, language: template.language, form: template.form.rawValue, file: template.fileName,
      source: isShipped ? "shipped" : "templates", reviewed: template.reviewed, plans: plans.sorted(),
      characters: figures.characters, alphabet: figures.sms.alphabet.rawValue, segments: figures.sms.segments,
      grade: figures.grade?.grade, formula: figures.grade?.formula)
  }

  /// A text in a language, filled with values as long as they are likely to become.
  func previewTemplate(_ request: PreviewTemplate.Request) throws -> PreviewTemplate.Reply {
    let language = try request.language.map { try self.language($0) } ?? settings.clinic.language
    let all = settings.templates.all
    guard settings.templates.names.contains(request.name) else {
      throw ControlError(
        .notFound, what: "template \(request.name.shown)", why: "there is no such text",
        hint: Spelling.nearest(to: request.name, among: settings.templates.names).map { "did you mean '\($0)'?" }
          ?? "see 'followupctl template list'", field: "name")
    }
    let tags = LanguageTag.lookup(language)
    let found = tags.lazy.map { tag in all.filter { $0.name == request.name && $0.language.lowercased() == tag } }
      .first { !$0.isEmpty }
    guard let found else {
      let languages = Set(all.filter { $0.name == request.name }.map(\.language)).sorted()
      throw ControlError(
        .notFound, what: "template \(request.name.shown)", why: "there is no text in '\(language.shown)'",
        hint: "it is there in \(languages.joined(separator: ", "))", field: "language")
    }
    let items = found.sorted { $0.form == .full && $1.form != .full }.map { sample($0, language: language) }
    return PreviewTemplate.Reply(
      name: request.name, language: items[0].language, subject: items[0].subject, body: items[0].body, items: items)
  }

  private func sample(_ template: Template, language: String) -> SampleTextView {
    let figures = TemplateFigures(of: template, clinic: settings.clinic)
    let text = Composer.compose(template, .longest(clinic: settings.clinic, language: language))
    return SampleTextView(
      form: template.form.rawValue, language: text.language, file: template.fileName, reviewed: template.reviewed,
      subject: template.form == .full ? text.subject : nil, body: text.body, characters: figures.characters,
      alphabet: figures.sms.alphabet.rawValue, segments: figures.sms.segments, grade: figures.grade?.grade,
      formula: figures.grade?.formula)
  }
}
