internal import FollowUpCore
internal import FoundationEssentials

/// A secret that the configuration names and that cannot be read.
struct MissingCredential: Error, Sendable, Equatable {
  /// The key in the configuration: `channels.email.password_credential`.
  var key: String
  var why: String
  var hint: String
  /// systemd copies it at start alone: a restart picks it up, a reload does not.
  var isOfSystemd = true
}

/// Reads secrets: systemd's credentials, which are copied at start alone, and files of the clinic's own (promise 42).
struct Credentials: Sendable {
  /// `$CREDENTIALS_DIRECTORY`; nil without systemd's credentials.
  var directory: String?

  func text(_ secret: Secret, key: String) throws(MissingCredential) -> String {
    switch secret {
    case .credential(let name):
      guard let directory else {
        throw MissingCredential(
          key: key, why: "the credential \(name) is wanted, but there is no $CREDENTIALS_DIRECTORY",
          hint: "start by systemd with LoadCredential=\(name):PATH, or use a file")
      }
      guard let text = read("\(directory)/\(name)") else {
        throw MissingCredential(
          key: key, why: "there is no credential \(name)",
          hint: "add LoadCredential=\(name):PATH to the unit ('systemctl edit followupd') and restart it")
      }
      return text
    case .file(let path):
      guard let text = read(path) else {
        throw MissingCredential(
          key: key, why: "the file \(path) cannot be read", hint: "put the secret there, readable by the daemon's user",
          isOfSystemd: false)
      }
      return text
    }
  }

  /// One line, without the line break that editors leave; nil if there is none.
  private func read(_ path: String) -> String? {
    guard let data = FileManager.default.contents(atPath: path), data.count < 65_536 else { return nil }
    let text = String(decoding: data, as: UTF8.self)
    let line = String(text.drop(while: \.isNewline).prefix { !$0.isNewline })
    return line.isEmpty ? nil : line
  }
}
