internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpStore
internal import FollowUpSystem
internal import FoundationEssentials

extension Desk {
  func ping(_ request: Ping.Request) -> Ping.Reply {
    Ping.Reply(version: service.version, instance: service.instanceName)
  }

  func whoAmI(_ request: WhoAmI.Request) -> WhoAmI.Reply {
    WhoAmI.Reply(
      uid: Int(caller.peer.uid), user: identities.userName(caller.peer.uid), groups: caller.groups,
      access: Right.allCases.filter { caller.rights.contains($0) }.map(\.rawValue), staff: caller.staff,
      actingAs: caller.actor.staff)
  }

  func reload(_ request: Reload.Request) throws -> Reload.Reply {
    try service.reload(dryRun: request.isDryRun, by: actor)
  }

  func checkConfiguration(_ request: CheckConfiguration.Request) throws -> CheckConfiguration.Reply {
    let (checked, faults) = service.check(directory: try directory(request.directory), plansOnly: false)
    return CheckConfiguration.Reply(ok: faults.isEmpty, checked: checked, faults: faults)
  }

  func checkPlans(_ request: CheckPlans.Request) throws -> CheckPlans.Reply {
    var folder = try directory(request.directory)
    // Who names the folder of the configuration means the plans in it.
    if let named = folder, FileManager.default.fileExists(atPath: named + "/plans.d") { folder = named + "/plans.d" }
    let (checked, faults) = service.check(directory: folder, plansOnly: true)
    guard faults.isEmpty else { return CheckPlans.Reply(ok: false, checked: checked, faults: faults) }
    let tally = try service.outlook(plans: folder)
    return CheckPlans.Reply(
      ok: true, checked: checked, faults: [], added: tally.added, moved: tally.moved, cancelled: tally.cancelled)
  }

  func diffConfiguration(_ request: DiffConfiguration.Request) throws -> DiffConfiguration.Reply {
    try service.diff(directory: try directory(request.directory))
  }

  /// The daemon has a working directory of its own, so a relative path would mean another place.
  func directory(_ path: String?) throws -> String? {
    guard let path else { return nil }
    guard path.hasPrefix("/"), path.utf8.count < 4096, !path.contains("\0") else {
      throw ControlError.invalid(verb, "directory", "the directory is not an absolute path", "write it from the / on")
    }
    return path
  }

  func listPlans(_ request: ListPlans.Request) throws -> ListPlans.Reply {
    let items = try settings.plans.values.sorted { $0.name < $1.name }.map {
      try PlanView($0, source: service.planSource($0.name))
    }
    return ItemList(items: items, total: items.count)
  }

  func showPlan(_ request: ShowPlan.Request) throws -> PlanView {
    try PlanView(try plan(named: request.name), source: service.planSource(request.name))
  }
}
