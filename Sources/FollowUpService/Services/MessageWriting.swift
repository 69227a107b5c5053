internal import FollowUpCore
internal import FollowUpStore

/// What a message says: the one place where sending and `preview` compose, so that the two cannot differ.
extension ClearanceTerms {
  /// The template that a reminder is written from.
  func template(of found: ClearanceCase, channel: String, language: String? = nil) -> TemplateSet.Found {
    template(found.template, language: language ?? found.language, channel: channel)
  }

  /// The text of a reminder as it would leave at `now`.
  ///
  /// - Parameter language: another one than the patient's (`preview --language`).
  func text(
    of found: ClearanceCase, from template: Template, language: String? = nil, at now: Instant
  ) -> Composer.Text {
    Composer.compose(
      template,
      MessageValues(
        calledName: found.calledName, clinic: settings.clinic, due: found.due, dueZone: found.dueZone,
        patientZone: found.patientZone, composedAt: now, plan: found.plan, language: language ?? found.language))
  }
}
