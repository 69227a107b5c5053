internal import FollowUpControl

extension MessageView: Thing {
  var shortID: String { id }

  private var lastCode: String? {
    if receipt?.outcome == "failed" { return receipt?.code ?? "failed" }
    return attempts.last.flatMap { $0.code ?? $0.outcome }
  }

  /// `failed (30003) on Tue 1 Dec 2026 14:30 MST`
  private var receiptText: String? {
    receipt.map { "\($0.outcome)\($0.code.map { " (\($0))" } ?? "") on \(LocalTime.text($0.at, zone: zone))" }
  }

  var row: [Field] {
    [
      Field("Id", id), Field("State", state, .state), Field("Mode", mode), Field("Channel", channel),
      Field("Made", LocalTime.text(createdAt, zone: zone)), Field("Sent", LocalTime.text(sentAt, zone: zone)),
      Field("Tries", "\(attempts.count)"), Field("Last", lastCode), Field("Patient", patient),
    ]
  }

  func details(on page: Page) -> String {
    let fields = [
      Field("Id", id), Field("State", state, .state), Field("Mode", mode), Field("Channel", channel),
      Field("Adapter", adapter), Field("Patient", patient), Field("Reminders", reminders.joined(separator: " ")),
      Field("Message-ID", messageId), Field("Gateway's id", gatewayId), Field("Language", language),
      Field("Made", LocalTime.text(createdAt, zone: zone)), Field("Sent", LocalTime.text(sentAt, zone: zone)),
      Field("Delivered", LocalTime.text(deliveredAt, zone: zone)), Field("Receipt", receiptText),
      Field("Subject", subject, .name),
    ]
    let tries = attempts.map { attempt in
      [
        Field("N", "\(attempt.n)"), Field("At", LocalTime.text(attempt.at, zone: zone)),
        Field("Outcome", attempt.outcome, .state),
        Field("Code", attempt.code), Field("Detail", attempt.detail, .name),
      ]
    }
    let text = body.map { "\n" + SafeText.lines($0) + "\n" }
    return page.labelled(fields) + page.section("Tries", tries) + (text ?? "")
  }
}
