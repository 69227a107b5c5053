internal import FollowUpCore

/// The shipped plans with those of a clinic over them.
struct PlanFolder {
  let templates: TemplateFolder
  let settings: Settings
  let log: FaultLog

  /// - Parameter folder: nil: what is shipped alone.
  func read(_ folder: String?) -> [String: Plan] {
    let names = folder.map { ConfigurationFile.list($0, suffix: ".toml", log) } ?? []
    var own: [String: (plan: Plan, file: String)] = [:]
    // A clinic's plan takes the place of the shipped one of its name, whatever its file is called.
    for name in names {
      let path = (folder ?? "") + "/" + name
      guard let text = ConfigurationFile.read(path, log),
        case .plan(let plan, let line) = reader(path).read(text)
      else { continue }
      if let other = own[plan.name] {
        log.report(
          path, line, "plan.name", "there is a plan '\(plan.name)' in \(other.file) too",
          "give one of them another name")
      } else {
        own[plan.name] = (plan, name)
      }
    }
    var plans = own.mapValues(\.plan)
    for file in Shipped.plans where !names.contains(file.name) {
      let path = Shipped.path("plans.d", file.name)
      guard case .plan(let plan, _) = reader(path).read(file.text), plans[plan.name] == nil else { continue }
      plans[plan.name] = plan
    }
    return plans
  }

  private func reader(_ path: String) -> PlanReader {
    PlanReader(
      file: path, log: log, templates: templates.set, faultyTemplates: templates.faulty,
      roles: Set(settings.roles.keys), staff: Set(settings.staff.keys))
  }
}
