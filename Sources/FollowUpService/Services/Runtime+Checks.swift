internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpStore
internal import FoundationEssentials

/// What a configuration would do that is not in force.
extension Runtime {
  func check(directory: String?, plansOnly: Bool) -> (checked: Int, faults: [FollowUpControl.Fault]) {
    if plansOnly, let directory {
      guard FileManager.default.fileExists(atPath: directory) else {
        let missing = ConfigFault(
          file: directory, line: 1, key: "file", what: "there is no such folder, or the daemon may not see it",
          whatToDo: "name the folder that holds the plans")
        return (0, [FollowUpControl.Fault(missing)])
      }
      let (plans, faults) = ConfigurationReader.plans(folder: directory, settings: configured.settings)
      var settings = configured.settings
      settings.plans = plans
      return (plans.count, faults.map { FollowUpControl.Fault($0) } + (faults.isEmpty ? lost(by: settings) : []))
    }
    do {
      let settings = try reader.read(file: file(in: directory))
      let count = plansOnly ? settings.plans.count : 1 + settings.plans.count + settings.templates.all.count
      return (count, lost(by: settings))
    } catch { return (1, error.faults.map { FollowUpControl.Fault($0) }) }
  }

  func outlook(plans directory: String?) throws -> PlanningTally {
    var settings = configured.settings
    if let directory {
      settings.plans = ConfigurationReader.plans(folder: directory, settings: settings).plans
    } else {
      settings.plans = try reader.read(file: reloader.file).plans
    }
    return try reloader.outlook(settings)
  }

  func diff(directory: String?) throws -> DiffConfiguration.Reply {
    let settings = try reloader.check(file(in: directory), for: "config diff")
    let changes = ConfigurationDiff.changes(from: configured.settings, to: settings)
    let tally = try reloader.outlook(settings)
    return DiffConfiguration.Reply(
      same: changes.isEmpty, changes: changes, added: tally.added, moved: tally.moved, cancelled: tally.cancelled)
  }

  private func file(in directory: String?) -> String? { directory.map { $0 + "/followupd.toml" } ?? reloader.file }

  /// Plans that are in use and would vanish: a reload refuses that.
  private func lost(by settings: Settings) -> [FollowUpControl.Fault] {
    ((try? reloader.plansLost(by: settings)) ?? []).map { FollowUpControl.Fault($0) }
  }
}
