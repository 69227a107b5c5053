package import FollowUpCore

/// Finished e-mails in a Maildir: trial mode for every channel, or a channel on paper.
package struct MaildirAdapter: Adapter {
  package static let kind = "maildir"
  package let capacity = 2
  private let composer: MailComposer?
  let settings: MaildirSettings
  private let pool: WorkerPool

  /// Touches no file yet.
  ///
  /// - Throws: the setting that it cannot work with.
  package init(_ settings: MaildirSettings) throws(AdapterSettingsError) {
    guard settings.path.hasPrefix("/"), !settings.path.utf8.contains(0) else {
      throw AdapterSettingsError(
        key: "path", problem: "not an absolute path", remedy: "write it as /var/lib/followupd/paper")
    }
    self.settings = settings
    composer = try settings.from.map { from throws(AdapterSettingsError) in
      try MailComposer(
        from: from, unsubscribeMailto: settings.unsubscribeMailto, linksBaseURL: settings.linksBaseURL)
    }
    let folder = Maildir(path: settings.path)
    pool = WorkerPool(limit: capacity, idleSeconds: 1) { signal in MaildirWorker(folder: folder, signal: signal) }
  }

  /// Composes an e-mail whatever the channel; the header `X-Followup-Channel` says which it is.
  package func render(_ draft: MessageDraft) throws(RenderError) -> RenderedMessage {
    let sender: MailComposer
    if let composer {
      sender = composer
    } else {
      sender = MailComposer(
        from: try Mailbox(displayName: draft.clinicName, address: "followupd@localhost.invalid"))
    }
    let body = try sender.compose(
      draft, to: recipient(of: draft), extraHeaders: [(name: "X-Followup-Channel", value: draft.channel)])
    return RenderedMessage(
      identity: draft.identity, messageID: sender.messageID(of: draft.identity), channel: draft.channel,
      address: draft.address, body: body)
  }

  package func submit(_ jobs: [DeliveryJob]) { pool.submit(jobs) }

  package func stop(within seconds: Double) { pool.stop(within: seconds) }

  /// A phone number becomes `15550100@sms.invalid`: readable, valid, and of a domain that can never exist (RFC 2606).
  private func recipient(of draft: MessageDraft) throws(RenderError) -> MailAddress {
    if draft.address.contains("@") { return try MailAddress(draft.address) }
    let local = Self.letters(of: draft.address)
    let channel = Self.letters(of: draft.channel)
    return try MailAddress("\(local.isEmpty ? "unknown" : local)@\(channel.isEmpty ? "channel" : channel).invalid")
  }

  private static func letters(of text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.filter { $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil) }
          .prefix(40)))
  }
}
