import FollowUpCore
import Testing

/// What a code means, and which key mends it.
@Suite struct FaultWordsTests {
  /// Each code that an adapter ends with when our own settings are at fault, and the keys of which one mends it.
  static let ours: [(String, [String])] = [
    ("auth-535-5.7.8", ["user", "password_credential"]), ("auth-534", ["user", "password_credential"]),
    ("auth-unsupported", ["user"]), ("auth-no-token", ["token_file"]),
    ("auth-334", ["token_file", "user"]), ("535-5.7.8", ["user"]), ("530-5.7.0", ["user"]),
    ("538", ["user"]), ("550-5.7.1", ["from"]), ("553-5.1.8", ["from"]), ("tls-missing", ["url"]),
    ("tls-host", ["url"]),
    ("tls-certificate", ["ca_file"]), ("tls-failed", ["url"]), ("ca-file", ["ca_file"]),
    ("http-401", ["user", "password_credential", "signing_credentials"]), ("http-403", ["signing_credentials"]),
    ("http-404", ["url"]), ("http-301", ["url"]), ("http-308", ["url"]),
    ("address-blocked", ["url", "allow_networks"]),
    ("file-permission", ["path"]), ("file-read-only", ["path"]), ("file-path", ["path"]), ("no-such-host", ["url"]),
  ]

  static let others = [
    "connect-refused", "connect-failed", "connect-timeout", "connection-lost", "no-route", "timeout", "tls-expired",
    "tls-unavailable", "auth-454-4.7.0", "greeting-554", "greeting-421-4.3.2", "ehlo-502", "421-4.7.0", "http-429",
    "http-502", "http-503", "disk-full", "no-descriptors", "no-memory",
  ]

  @Test("What our settings cause names the key to change", arguments: ours)
  func keys(code: String, keys: [String]) {
    let words = FaultWords(code: code, channel: "sms")
    #expect(words.isOurs)
    for key in keys { #expect(words.remedy.contains("channels.sms.\(key)"), "\(key): \(words.remedy)") }
  }

  @Test(
    "A refused login names whatever may prove who we are: the code does not tell a password from a token",
    arguments: ["auth-535-5.7.8", "auth-534", "535-5.7.8", "530-5.7.0", "538"])
  func secrets(code: String) {
    let remedy = FaultWords(code: code, channel: "email").remedy
    for key in ["user", "password_credential", "password_file", "token_credential", "token_file"] {
      #expect(remedy.contains(key), "\(key): \(remedy)")
    }
  }

  @Test("A token that is missing or not taken is renewed where either key names it; no password is spoken of")
  func tokens() {
    for code in ["auth-no-token", "auth-334"] {
      let remedy = FaultWords(code: code, channel: "email").remedy
      #expect(remedy.contains("renew the access token"))
      #expect(remedy.contains("channels.email.token_file or token_credential"))
      #expect(!remedy.contains("password"))
    }
  }

  @Test("Where the server offers no login that fits, each kind of secret has the logins that are to be switched on")
  func logins() {
    let remedy = FaultWords(code: "auth-unsupported", channel: "email").remedy
    #expect(remedy.contains("PLAIN or LOGIN for a password"))
    #expect(remedy.contains("XOAUTH2 for a token"))
  }

  @Test("What the server or the network causes names no key that would not help", arguments: others)
  func servers(code: String) {
    let words = FaultWords(code: code, channel: "email")
    #expect(!words.isOurs)
    #expect(!words.remedy.contains("channels.email") || code == "http-429")
  }

  @Test("Each is a clause that fits into a line: no code, no full stop", arguments: ours.map(\.0) + others)
  func clauses(code: String) {
    let words = FaultWords(code: code, channel: "email")
    for clause in [words.why, words.remedy] {
      #expect(!clause.isEmpty && clause.count < 140 && !clause.hasSuffix("."))
      #expect(clause.first?.isLowercase == true)
      #expect(!clause.contains("\n"))
    }
    #expect(!words.why.contains("could not be used"), "\(code) has words of its own")
  }

  @Test("A code that nobody knows still has words")
  func unknown() {
    let words = FaultWords(code: "curl-43", channel: "email")
    #expect(words.remedy.contains("channel test email"))
  }
}
