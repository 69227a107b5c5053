internal import FollowUpControl

extension PlanView: Thing {
  var shortID: String { name }

  var row: [Field] {
    [
      Field("Name", name), Field("Priority", priority, .state), Field("Steps", steps.map(\.at).joined(separator: ", ")),
      Field("Source", source), Field("Title", title, .name),
    ]
  }

  func details(on page: Page) -> String {
    let fields = [
      Field("Name", name), Field("Priority", priority, .state), Field("Owner of tasks", taskOwner),
      Field("Default time", defaultTime), Field("Late after", lateAfter), Field("On doubt", onDoubt),
      Field("Call only", callOnly ? "yes" : nil), Field("Calendar", calendar ? "yes" : nil),
      Field("Escalates", escalate.map { "\($0.after) to \($0.to)\($0.routine ? ", routine ones too" : "")" }),
      Field("Then after", thenAfter), Field("Source", source), Field("Title", title, .name),
    ]
    let steps = steps.map { step in
      [
        Field("Id", step.id), Field("At", step.at), Field("When", step.when), Field("Template", step.template),
        Field("Late", step.late), Field("Useful", step.useful),
      ]
    }
    return page.labelled(fields) + page.section("Steps", steps)
  }
}
