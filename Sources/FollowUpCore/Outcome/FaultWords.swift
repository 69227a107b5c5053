/// What a fault's code means to whoever looks after the clinic's machine, and what mends it: the one table of them, for
/// `status`, holds and `channel test`.
package struct FaultWords: Sendable, Equatable {
  /// A clause: what is wrong.
  package let why: String
  /// A clause: what to do; where `isOurs`, with the keys to change.
  package let remedy: String
  /// The configuration, or a credential, has to change; else the server or the network.
  package let isOurs: Bool

  private init(_ why: String, mend remedy: String) { (self.why, self.remedy, isOurs) = (why, remedy, true) }
  private init(_ why: String, see remedy: String) { (self.why, self.remedy, isOurs) = (why, remedy, false) }

  /// - Parameter channel: the name in `[channels.NAME]`.
  package init(code: String, channel: String) {
    func key(_ name: String) -> String { "channels.\(channel).\(name)" }
    // Which secret there is, a code does not tell.
    let login =
      "\(key("user")) and what \(key("password_credential")), password_file, token_credential or token_file names"
    let renewal = "renew the access token that \(key("token_file")) or token_credential names"
    let words: FaultWords =
      switch code {
      case "auth-unsupported":
        FaultWords(
          "the mail server offers no login that fits ours",
          mend:
            "leave out \(key("user")) if it wants none, else switch on there PLAIN or LOGIN for a password, XOAUTH2 for a token"
        )
      case "auth-no-token": FaultWords("the access token cannot be read", mend: renewal)
      case "auth-334":
        FaultWords(
          "the mail server does not take our access token", mend: "\(renewal), or correct \(key("user"))")
      case _ where code.hasPrefix("auth-4"):
        FaultWords("the mail server cannot check the login now", see: "see its log")
      case _ where code.hasPrefix("auth-") || ["530", "534", "535", "538"].contains(code.prefix(3)):
        FaultWords("the mail server refuses our login", mend: "correct \(login)")
      case "tls-missing":
        FaultWords(
          "the mail server offers no STARTTLS, and no mail leaves in plain text",
          mend: "name its port with TLS in \(key("url")): 587 with STARTTLS, or smtps:// with 465")
      case "tls-unavailable": FaultWords("the mail server cannot do TLS now", see: "see its log")
      case "tls-expired":
        FaultWords(
          "the server's certificate has expired, or is not valid yet",
          see: "have it renewed, and see that this machine's date is right")
      case "tls-host":
        FaultWords(
          "the server's certificate is of another host",
          mend: "write the name that stands in the certificate into \(key("url")), or have the certificate renewed")
      case "tls-certificate":
        FaultWords(
          "nobody whom this machine trusts has signed the server's certificate",
          mend: "name the certificate of its issuer in \(key("ca_file"))")
      case "tls-failed":
        FaultWords(
          "no TLS came about", mend: "see whether the port in \(key("url")) is one with TLS, and TLS 1.2 or later")
      case "ca-file":
        FaultWords(
          "the file of trusted certificates cannot be read",
          mend: "put certificates in PEM where \(key("ca_file")) points to, readable by the daemon's user")
      case "http-401", "http-403":
        FaultWords(
          "the gateway refuses our key or password",
          mend: "correct \(key("user")), \(key("password_credential")) or \(key("signing_credentials"))")
      case "http-404":
        FaultWords("the gateway has nothing at this address", mend: "correct the path in \(key("url"))")
      case _ where code.hasPrefix("http-3"):
        FaultWords(
          "the gateway sends us to another address, which is not followed",
          mend: "write the final address into \(key("url"))")
      case "http-408", "http-425", "http-429":
        FaultWords("the gateway asks us to slow down", see: "lower \(key("per_minute")) if that goes on")
      case _ where code.hasPrefix("http-5"):
        FaultWords("the gateway is out of order", see: "see its log, or ask its provider")
      case "address-blocked":
        FaultWords(
          "the gateway's address lies in a range that a webhook may not reach",
          mend: "correct \(key("url")), or name the clinic's own network in \(key("allow_networks"))")
      case "curl-options": FaultWords("this machine's libcurl is too old", mend: "install libcurl 7.88 or later")
      case "file-permission", "file-read-only", "file-path":
        FaultWords(
          "the folder of messages cannot be written",
          mend: "let \(key("path")) name a folder that the daemon's user may write")
      case "disk-full": FaultWords("the disk is full", see: "make room")
      case "no-descriptors", "no-memory", "no-thread":
        FaultWords("this machine is short of memory or descriptors", see: "see 'systemctl status followupd'")
      case "no-such-host":
        FaultWords(
          "the server's name is not known", mend: "see this machine's name service, and the host in \(key("url"))")
      case "no-route": FaultWords("no way leads to the server", see: "see this machine's network")
      case "connect-refused", "connect-failed":
        FaultWords("the server takes no connection", see: "see whether it runs, and listens at the port that we use")
      case "connect-timeout", "timeout":
        FaultWords("the server does not answer", see: "see whether it runs, and whether a firewall is in between")
      case "connection-lost": FaultWords("the server drops our connections", see: "see its log")
      case "protocol", "http-headers":
        FaultWords("what answers there speaks another language", mend: "correct host and port in \(key("url"))")
      case _ where ["greeting-", "ehlo-", "421"].contains(where: code.hasPrefix):
        FaultWords("the mail server turns us away", see: "see its log: it may limit or block this machine's address")
      case _ where code.hasPrefix("5"):
        FaultWords(
          "the mail server refuses our sender, or this machine",
          mend: "correct \(key("from")), or have this login and machine allowed to send as it")
      default: FaultWords("the server could not be used", see: "see 'followupctl channel test \(channel) ADDRESS'")
      }
    self = words
  }
}
