internal import FollowUpControl

extension MessagePreviewView: Thing {
  var shortID: String { reminder }

  var row: [Field] {
    let whose = person.flatMap { $0 == "self" ? nil : " (\($0))" } ?? ""
    return [
      Field(reminders.count > 1 ? "Reminders" : "Reminder", reminders.joined(separator: ", ")),
      Field("Patient", patient), Field("Channel", channel),
      Field("To", address.map { $0 + whose }), Field("Mode", mode), Field("Language", language),
      Field("Decision", decision, .state), Field("Reason", reason), Field("Until", LocalTime.text(until, zone: zone)),
      Field("Subject", subject, .name),
    ]
  }

  /// First whether it goes, then to whom, then the text as the patient reads it.
  func details(on page: Page) -> String {
    let sentence = page.format == .plain ? page.labelled([Field("Said", said)]) : SafeText.escaped(said) + "\n\n"
    let text = body.map { "\n" + SafeText.lines($0) + "\n" }
    return sentence + page.labelled(row) + (text ?? "\nThere is no text that it could be sent in.\n")
  }
}
