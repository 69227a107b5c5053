internal import FollowUpControl
internal import FollowUpCore

/// The keys in which two configurations differ, as TOML spells them. Secrets do not occur: settings only name them.
enum ConfigurationDiff {
  /// By key; plans by name and step, templates by their file.
  static func changes(from old: Settings, to new: Settings) -> [KeyChange] {
    let (before, after) = (lines(of: old), lines(of: new))
    return Set(before.keys).union(after.keys).sorted().compactMap { key in
      before[key] == after[key] ? nil : KeyChange(key: key, old: before[key], new: after[key])
    }
  }

  private static func lines(of settings: Settings) -> [String: String] {
    var lines: [String: String] = [:]
    var table = ""
    for line in ConfigurationPrinter.text(of: settings).split(separator: "\n") {
      if line.hasPrefix("[") {
        table = line.dropFirst().dropLast() + "."
      } else if !line.hasPrefix("#"), let equals = line.firstRange(of: " = ") {
        lines[table + line[..<equals.lowerBound]] = String(line[equals.upperBound...])
      }
    }
    for plan in settings.plans.values { add(plan, to: &lines) }
    for template in settings.templates.all {
      // The words themselves are too long for a line: that they differ is told by their hash.
      let words = "\(template.body.count) lines, " + (template.reviewed.map { "reviewed by \($0)" } ?? "not reviewed")
      lines["templates.\(template.fileName)"] = words + ", " + String(stableHash(template.source), radix: 16)
    }
    return lines
  }

  private static func add(_ plan: Plan, to lines: inout [String: String]) {
    let key = "plans.\(plan.name)"
    func set(_ name: String, _ value: String?) { lines["\(key).\(name)"] = value }
    func quoted(_ text: String) -> String { ConfigurationPrinter.quoted(text) }
    set("title", quoted(plan.title))
    set("harmless_title", "\(plan.harmlessTitle)")
    set("priority", quoted(plan.priority.rawValue))
    set("default_time", quoted(plan.defaultTime.description))
    set("task_owner", quoted(plan.taskOwner.description))
    set("call_only", "\(plan.callOnly)")
    set("on_doubt", quoted(plan.onDoubt.rawValue))
    set("calendar", "\(plan.calendar)")
    set("late_after", quoted(plan.lateAfter.description))
    for step in plan.steps {
      set("step.\(step.id).at", quoted(step.at.description))
      set("step.\(step.id).template", quoted(step.template))
      set("step.\(step.id).when", quoted(step.when.rawValue))
      set("step.\(step.id).late", quoted(step.late.rawValue))
      set("step.\(step.id).useful", step.useful.map { quoted($0.description) })
    }
    if let escalation = plan.escalation {
      set("escalate.after", quoted(escalation.after.description))
      set("escalate.to", quoted(escalation.to.description))
      set("escalate.routine", "\(escalation.routine)")
    }
    set("ladder.then_after", plan.thenAfter.map { quoted($0.description) })
  }
}
