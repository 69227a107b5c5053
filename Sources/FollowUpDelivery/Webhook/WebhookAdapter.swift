package import FollowUpCore

/// Messages by HTTP POST, signed as Standard Webhooks, to an SMS gateway or whatever a clinic runs.
package struct WebhookAdapter: Adapter {
  package static let kind = "webhook"
  package let capacity: Int
  let plan: WebhookPlan
  private let loop: WebhookLoop

  /// Connects to nothing yet.
  ///
  /// - Throws: the setting that it cannot work with.
  package init(_ settings: WebhookSettings) throws(AdapterSettingsError) {
    plan = try WebhookPlan(settings)
    capacity = max(1, settings.maxConnections)
    loop = WebhookLoop(plan: plan, limit: capacity, idleSeconds: settings.timeouts.idle)
  }

  package func render(_ draft: MessageDraft) throws(RenderError) -> RenderedMessage {
    guard Self.isIdentity(draft.identity) else {
      throw RenderError(code: "bad-identity", detail: "the message's identity holds characters that a header cannot")
    }
    guard !draft.address.isEmpty,
      !draft.address.unicodeScalars.contains(where: { $0.isControl })
    else { throw RenderError(code: "bad-address", detail: "the address is empty or holds control characters") }
    return RenderedMessage(
      identity: draft.identity, messageID: draft.identity, channel: draft.channel, address: draft.address,
      body: plan.body.bytes(of: draft))
  }

  package func submit(_ jobs: [DeliveryJob]) { loop.submit(jobs) }

  package func stop(within seconds: Double) { loop.stop(within: seconds) }

  /// What can stand in a header, and in what is signed, where a dot parts the fields.
  static func isIdentity(_ text: String) -> Bool {
    (1...128).contains(text.utf8.count) && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: ".") }
  }
}
