internal import FollowUpCore
internal import Glibc

extension MailComposer {
  /// The sender of a channel from its configuration.
  ///
  /// - Throws: the setting at fault: `from`, `unsubscribe_mailto` or `base_url`.
  init(from: String, unsubscribeMailto: String?, linksBaseURL: String?) throws(AdapterSettingsError) {
    let sender: Mailbox
    do {
      sender = try Mailbox(from)
    } catch {
      throw AdapterSettingsError(
        key: "from", problem: error.detail, remedy: "write it as \"Clinic name <reminders@example.org>\"")
    }
    var stop: MailAddress?
    if let unsubscribeMailto, !unsubscribeMailto.isEmpty {
      do {
        stop = try MailAddress(unsubscribeMailto)
      } catch {
        throw AdapterSettingsError(
          key: "unsubscribe_mailto", problem: error.detail, remedy: "write an address as stop@example.org")
      }
    }
    var base: String?
    if let linksBaseURL, !linksBaseURL.isEmpty {
      guard let url = EndpointURL(linksBaseURL), url.scheme == "https",
        !linksBaseURL.contains(where: { "<>\"".contains($0) })
      else {
        throw AdapterSettingsError(
          key: "base_url", problem: "not an https address", remedy: "write it as https://answers.example.org")
      }
      base = linksBaseURL
      while base?.hasSuffix("/") == true { base?.removeLast() }
    }
    self.init(from: sender, unsubscribe: stop, linksBase: base)
  }
}

/// Refuses a file of certificates that cannot be read, before the first message needs it.
func checkedCAFile(_ path: String?) throws(AdapterSettingsError) -> String? {
  guard let path, !path.isEmpty else { return nil }
  guard access(path, R_OK) == 0 else {
    throw AdapterSettingsError(
      key: "ca_file", problem: "cannot be read", remedy: "give a PEM file that the daemon's user may read")
  }
  return path
}
