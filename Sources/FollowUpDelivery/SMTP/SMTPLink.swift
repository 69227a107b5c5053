/// What the mail dialogue needs of a connection.
protocol SMTPLink: AnyObject {
  /// The server takes several commands in one write (RFC 2920).
  var pipelines: Bool { get }
  /// A message has gone through already: the server may have closed it since.
  var isUsed: Bool { get }

  /// Sends all of `bytes`; `remaining` is how many are still with us, also when it throws.
  func send(
    _ bytes: [UInt8], until deadline: ContinuousClock.Instant, heed level: StopLevel, remaining: inout Int
  ) throws(SMTPLinkError)
  /// The next reply; the deadline holds for the whole of it, however slowly it drips.
  func reply(until deadline: ContinuousClock.Instant, heed level: StopLevel) throws(SMTPLinkError) -> SMTPReply
  /// Whether the server has said nothing that nobody asked for yet. What it says too early would be taken for the answer to
  /// what comes next.
  func isQuiet() -> Bool
  /// Says goodbye without waiting for the answer, which changes nothing.
  func quit()
}

extension SMTPLink {
  /// Sends commands, which any call to stop interrupts.
  func send(_ text: String, until deadline: ContinuousClock.Instant) throws(SMTPLinkError) {
    var remaining = 0
    try send(Array(text.utf8), until: deadline, heed: .soft, remaining: &remaining)
  }
}
