internal import FollowUpCore

/// Reads a file of `plans.d/`.
struct PlanReader {
  enum Result {
    case plan(Plan, nameLine: Int)
    /// `disabled = true`: the shipped one of that file is removed.
    case disabled
    case faulty
  }

  let file: String
  let log: FaultLog
  /// What a step may name.
  let templates: TemplateSet
  /// Names of templates whose files have faults of their own: naming them is no second fault.
  let faultyTemplates: Set<String>
  let roles: Set<String>
  let staff: Set<String>

  func read(_ text: String) -> Result {
    let before = log.faults.count
    guard let node = TOMLDocument.parse(text, file: file, log: log) else { return .faulty }
    let root = Section(file: file, log: log, node: node)
    let section = root.section("plan")
    let isDisabled = root.flag("disabled") ?? section.flag("disabled") ?? false
    if isDisabled { return log.faults.count == before ? .disabled : .faulty }
    let plan = plan(root, section)
    section.close()
    root.close()
    guard let plan, log.faults.count == before else { return .faulty }
    return .plan(plan, nameLine: section.line(of: "name"))
  }

  private func plan(_ root: Section, _ section: Section) -> Plan? {
    let name = section.required("name", example: "\"post-op\"")
    if let name, ConfiguredName(name) == nil { section.report("name", "'\(name)' is no name", ConfiguredName.rule) }
    let title = section.required("title", example: "\"Check after surgery\"")
    var plan = Plan(name: name ?? "", title: title ?? "")
    plan.harmlessTitle = section.flag("harmless_title") ?? plan.harmlessTitle
    plan.priority = section.choice("priority", Priority.self) ?? plan.priority
    plan.defaultTime = section.value("default_time", .time) ?? plan.defaultTime
    plan.taskOwner = owner("task_owner", in: section) ?? plan.taskOwner
    plan.callOnly = section.flag("call_only") ?? plan.callOnly
    plan.onDoubt = section.choice("on_doubt", DoubtPolicy.self) ?? plan.onDoubt
    plan.calendar = section.flag("calendar") ?? plan.calendar
    plan.lateAfter = section.value("late_after", .duration) ?? plan.lateAfter
    var ids: Set<String> = []
    for step in root.sections("step") {
      if let step = self.step(step, &ids, harmlessTitle: plan.harmlessTitle) { plan.steps.append(step) }
    }
    plan.escalation = escalation(root)
    plan.thenAfter = ladder(root)
    return name == nil || title == nil ? nil : plan
  }

  private func step(_ section: Section, _ ids: inout Set<String>, harmlessTitle: Bool) -> Step? {
    defer { section.close() }
    let id = section.filled("id", example: "\"day-before\"")
    if let id, ConfiguredName(id) == nil { section.report("id", "'\(id)' is no name", ConfiguredName.rule) }
    let at = section.require("at", example: "\"-1d 10:00\"") ? section.value("at", .offset) : nil
    let template = section.required("template", example: "\"visit\"")
    if let template { check(template, section, harmlessTitle) }
    let hasWhen = section.has("when")
    let when = section.choice("when", StepWhen.self)
    let late = section.choice("late", LatePolicy.self) ?? .send
    let useful = section.value("useful", .duration)
    if let useful, useful.seconds == 0 {
      section.report("useful", "a step of no use is never sent", "write a longer time, or remove the step")
    }
    guard let at, let template else { return nil }
    if !at.isBefore, !hasWhen {
      section.report(
        "when", "a step at or after the visit must say for whom it is",
        "write when = \"missed\", \"completed\", \"expected\", \"confirmed\" or \"unconfirmed\"")
    }
    // Left out, it is the text of `at` as written, so that an id does not change with how we print a distance.
    let key = id ?? section.text("at")?.trimmed ?? at.description
    if !ids.insert(key).inserted {
      section.report("id", "there are two steps '\(key)'", "give each step of a plan an id of its own")
    }
    return Step(id: key, at: at, template: template, when: when ?? .unconfirmed, late: late, useful: useful)
  }

  private func check(_ template: String, _ section: Section, _ harmlessTitle: Bool) {
    let texts = templates.all.filter { $0.name == template }
    if texts.isEmpty, !faultyTemplates.contains(template) {
      let hint = Spelling.nearest(to: template, among: templates.names).map { "did you mean \"\($0)\"?" }
      section.report(
        "template", "there is no template '\(template)'", hint ?? "write templates/\(template).LANGUAGE.txt")
    }
    if !harmlessTitle, let text = texts.first(where: { $0.placeholders.contains(.planTitle) }) {
      section.report(
        "template", "\(text.fileName) shows {{plan.title}}, which this plan does not call harmless",
        "write harmless_title = true if any stranger may read it, or use another template")
    }
  }

  private func escalation(_ root: Section) -> Escalation? {
    guard root.has("escalate") else {
      _ = root.node("escalate")
      return nil
    }
    let section = root.section("escalate")
    defer { section.close() }
    return Escalation(
      after: section.value("after", .offset) ?? .literal("-1d 16:00"),
      to: owner("to", in: section) ?? .role("nurse"),
      routine: section.flag("routine") ?? false)
  }

  private func ladder(_ root: Section) -> TimeSpan? {
    guard root.has("ladder") else {
      _ = root.node("ladder")
      return nil
    }
    let section = root.section("ladder")
    defer { section.close() }
    let span = section.value("then_after", .duration) ?? .literal("6h")
    if span.seconds == 0 {
      section.report("then_after", "the next contact cannot be tried at once", "write a longer time, as in \"6h\"")
    }
    return span
  }

  private func owner(_ key: String, in section: Section) -> Owner? {
    guard let owner = section.value(key, .owner) else { return nil }
    let (kind, name, known) =
      switch owner {
      case .role(let name): ("role", name, roles)
      case .user(let name): ("user", name, staff)
      }
    if !known.contains(name) {
      let hint = Spelling.nearest(to: name, among: known).map { "did you mean \"\(kind):\($0)\"?" }
      let table = kind == "role" ? "roles" : "staff"
      section.report(key, "there is no \(kind) '\(name)'", hint ?? "write [\(table).\(name)] in followupd.toml")
    }
    return owner
  }
}
