internal import FollowUpControl

extension TemplateView: Thing {
  var shortID: String { file }

  var row: [Field] {
    [
      Field("Name", name), Field("Language", language), Field("Form", form), Field("Characters", "\(characters)"),
      Field("Segments", "\(segments)"), Field("Alphabet", alphabet), Field("Grade", grade.map { "\($0)" }),
      Field("Source", source), Field("Reviewed", reviewed ?? "no", .state),
    ]
  }

  func details(on page: Page) -> String { page.labelled(row) }
}

extension SampleTextView {
  /// The text with what it measures, in the order in which it is read.
  func text(on page: Page) -> String {
    let fields = [
      Field("File", file), Field("Language", language), Field("Reviewed", reviewed ?? "no", .state),
      Field("Characters", "\(characters)"), Field("Segments", "\(segments)"), Field("Alphabet", alphabet),
      Field("Grade", grade.map { "\($0)" + (formula.map { " (\($0))" } ?? "") }), Field("Subject", subject, .name),
    ]
    return page.labelled(fields) + "\n" + SafeText.lines(body) + "\n"
  }
}
