package import FollowUpCore

/// A template, and where it was read.
package struct ReadTemplate: Sendable {
  package var template: Template
  /// As faults name it: `(shipped)/templates/visit.en.txt`, or the clinic's own file.
  package var path: String
  package var isShipped: Bool
}

/// The shipped templates with those of a clinic over them.
struct TemplateFolder {
  var set: TemplateSet
  /// Names of templates that have a file with faults.
  var faulty: Set<String>
  /// By file name.
  var read: [String: ReadTemplate] = [:]

  /// - Parameter folder: nil: what is shipped alone.
  static func read(_ folder: String?, _ log: FaultLog) -> TemplateFolder {
    var templates: [String: ReadTemplate] = [:]
    var faulty: Set<String> = []
    for file in Shipped.templates {
      let path = Shipped.path("templates", file.name)
      if case .template(let template) = parse(file.name, file.text, path, log) {
        templates[file.name] = ReadTemplate(template: template, path: path, isShipped: true)
      }
    }
    for name in folder.map({ ConfigurationFile.list($0, suffix: ".txt", log) }) ?? [] {
      let path = (folder ?? "") + "/" + name
      guard let text = ConfigurationFile.read(path, log) else { continue }
      switch parse(name, text, path, log) {
      case .template(let template):
        templates[name] = ReadTemplate(template: template, path: path, isShipped: false)
      case .disabled: templates[name] = nil
      case nil: if let identity = TemplateParser.identity(of: name) { faulty.insert(identity.name) }
      }
    }
    return TemplateFolder(set: TemplateSet(templates.values.map(\.template)), faulty: faulty, read: templates)
  }

  private static func parse(_ name: String, _ text: String, _ path: String, _ log: FaultLog) -> TemplateFile? {
    let (file, faults) = TemplateParser.parse(fileName: name, text: text)
    for fault in faults { log.report(path, fault.line, fault.key, fault.what, fault.whatToDo) }
    return file
  }
}
