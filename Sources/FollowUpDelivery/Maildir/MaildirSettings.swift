/// What the `maildir` adapter is told.
package struct MaildirSettings: Sendable {
  /// The Maildir itself; it and its `cur`, `new`, `tmp` are made if they are missing.
  package var path: String
  /// `Name <local@domain>`; nil: the clinic's name at an address that reaches nobody, for trial mode without e-mail.
  package var from: String?
  package var unsubscribeMailto: String?
  package var linksBaseURL: String?

  package init(path: String, from: String? = nil, unsubscribeMailto: String? = nil, linksBaseURL: String? = nil) {
    self.path = path
    self.from = from
    self.unsubscribeMailto = unsubscribeMailto
    self.linksBaseURL = linksBaseURL
  }
}
