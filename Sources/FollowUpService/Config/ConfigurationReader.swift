package import FollowUpCore
internal import FoundationEssentials

/// Reads a clinic's configuration whole, or says everything that is wrong with it.
///
/// Beside the file lie `plans.d/` and `templates/`; what is shipped is always there, a file of the same name overrides it,
/// and `disabled = true` (in a template's header `Disabled: true`) removes it.
package struct ConfigurationReader: Sendable {
  private let zones: any ZoneSource
  private let defaultFile: String

  /// - Parameters:
  ///   - zones: says whether the clinic's zone exists.
  ///   - defaultFile: what is read where no file is named, if it is there.
  package init(zones: any ZoneSource, defaultFile: String = "/etc/followupd/followupd.toml") {
    self.zones = zones
    self.defaultFile = defaultFile
  }

  /// The settings of a file; without one, those of the default file, and of no file at all if that is not there.
  ///
  /// Credentials are not looked at: they are needed at start and reload, not to check what is written.
  package func read(file: String?) throws(ConfigurationError) -> Settings {
    if file == nil, !FileManager.default.fileExists(atPath: defaultFile) { return Self.builtIn }
    let file = file ?? defaultFile
    let log = FaultLog()
    let folder = Self.folder(of: file)
    var settings = Settings(clinic: .neutral)
    var root: Section?
    if let text = ConfigurationFile.read(file, log), let node = TOMLDocument.parse(text, file: file, log: log) {
      let section = Section(file: file, log: log, node: node)
      settings = SettingsReader(file: file, log: log, zones: zones).read(section)
      root = section
    }
    let templates = TemplateFolder.read(folder + "templates", log)
    settings.templates = templates.set
    // Where the file itself cannot be read, its roles are not known, and each plan would be at fault for that.
    guard let root else { throw ConfigurationError(faults: log.sorted) }
    let before = log.faults.count
    settings.plans = PlanFolder(templates: templates, settings: settings, log: log).read(folder + "plans.d")
    // A plan that is there and faulty is one fault, not two.
    if log.faults.count == before { checkDefaultPlan(settings, root) }
    guard log.faults.isEmpty else { throw ConfigurationError(faults: log.sorted) }
    return settings
  }

  /// The plans that there would be if those of a folder joined these settings, and what is wrong with them.
  package static func plans(folder: String, settings: Settings) -> (plans: [String: Plan], faults: [ConfigFault]) {
    let log = FaultLog()
    let templates = TemplateFolder(set: settings.templates, faulty: [])
    let plans = PlanFolder(templates: templates, settings: settings, log: log).read(folder)
    return (plans, log.sorted)
  }

  /// The folder of a clinic's own templates: beside the file, or beside the default one; nil if there is no file at all.
  package func templatesFolder(of file: String?) -> String? {
    let file = file ?? defaultFile
    return FileManager.default.fileExists(atPath: file) ? Self.folder(of: file) + "templates" : nil
  }

  /// The templates of a folder as they would be with the shipped ones, and what is wrong with its files.
  ///
  /// - Parameter folder: nil: what is shipped alone.
  package static func templates(folder: String?) -> (read: [ReadTemplate], faults: [ConfigFault]) {
    let log = FaultLog()
    let folder = TemplateFolder.read(folder, log)
    return (folder.read.values.sorted { $0.template.fileName < $1.template.fileName }, log.sorted)
  }

  private func checkDefaultPlan(_ settings: Settings, _ root: Section) {
    let name = settings.clinic.defaultPlan
    guard settings.plans[name] == nil else { return }
    let hint = Spelling.nearest(to: name, among: settings.plans.keys).map { "did you mean \"\($0)\"?" }
    root.section("clinic").report(
      "default_plan", "there is no plan '\(name)'", hint ?? "name one of plans.d, or write plans.d/\(name).toml")
  }

  private static func folder(of file: String) -> String {
    file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
  }
}

extension ConfigurationReader {
  /// The settings without any file: trial mode, words that are true of any clinic, the shipped plans and templates.
  package static let builtIn: Settings = {
    let log = FaultLog()
    var settings = Settings(clinic: .neutral)
    let templates = TemplateFolder.read(nil, log)
    settings.templates = templates.set
    settings.plans = PlanFolder(templates: templates, settings: settings, log: log).read(nil)
    // The tests see to it that what is shipped has no faults.
    return settings
  }()
}
