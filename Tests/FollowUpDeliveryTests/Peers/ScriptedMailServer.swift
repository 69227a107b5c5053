import Foundation
import Glibc
import Synchronization

/// A mail server that does exactly as it is told at each step, and remembers what it heard.
final class ScriptedMailServer: Sendable {
  enum Step: String, Sendable, CaseIterable {
    case greeting, ehlo, starttls
    /// What comes instead of the server's part of the TLS handshake.
    case handshake
    case auth, mail, rcpt, data, dot, rset, quit
  }

  enum Action: Sendable {
    case reply(String)
    /// Replies, then closes.
    case replyAndDrop(String)
    case drop
    /// Says nothing until the peer goes away.
    case hang
    /// A byte each `interval` seconds.
    case drip(String, interval: Double)
  }

  struct Heard: Sendable {
    var connections = 0
    var commands: [String] = []
    /// What came between 354 and the final dot, as on the wire.
    var contents: [[UInt8]] = []
    /// Contents that were answered with 250.
    var accepted = 0
  }

  let port: UInt16
  private let listener: Int32
  private let heard = Mutex(Heard())
  private let script: @Sendable (Step, Int) -> Action?
  private let offers: [String]

  /// `script` is asked with the step and how often it came before on any connection; nil means the usual reply.
  init(
    pipelining: Bool = true, offers: [String] = [],
    _ script: @escaping @Sendable (Step, Int) -> Action? = { _, _ in nil }
  ) {
    (listener, port) = LoopbackSocket.listen()
    self.script = script
    self.offers = (pipelining ? ["PIPELINING"] : []) + offers
    let listener = listener
    Thread.detachNewThread { [weak self] in
      // Whoever accepts closes: else the next socket of that number would be taken for this one.
      defer { close(listener) }
      while true {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else { return }
        guard let self else {
          close(connection)
          return
        }
        Thread.detachNewThread { self.serve(connection) }
      }
    }
  }

  deinit { shutdown(listener, Int32(SHUT_RDWR)) }

  var log: Heard { heard.withLock { $0 } }

  private func serve(_ connection: Int32) {
    defer { close(connection) }
    var reader = SocketReader(connection)
    heard.withLock { $0.connections += 1 }
    guard perform(.greeting, "220 scripted ESMTP", connection, &reader) else { return }
    while let line = reader.line() {
      heard.withLock { $0.commands.append(line) }
      let verb = line.prefix { $0 != " " && $0 != ":" }.uppercased()
      let goesOn: Bool
      switch verb {
      case "EHLO", "HELO":
        let extensions = offers.map { "250-\($0)\r\n" }.joined()
        goesOn = perform(.ehlo, "250-scripted\r\n\(extensions)250 8BITMIME", connection, &reader)
      case "STARTTLS":
        goesOn =
          perform(.starttls, "220 2.0.0 go on", connection, &reader) && perform(.handshake, "no", connection, &reader)
      case "AUTH":
        LoopbackSocket.write("334 \r\n", to: connection)
        goesOn = reader.line() != nil && perform(.auth, "235 2.7.0 Ok", connection, &reader)
      case "MAIL": goesOn = perform(.mail, "250 2.1.0 Ok", connection, &reader)
      case "RCPT": goesOn = perform(.rcpt, "250 2.1.5 Ok", connection, &reader)
      case "DATA": goesOn = perform(.data, "354 go ahead", connection, &reader) && content(connection, &reader)
      case "RSET": goesOn = perform(.rset, "250 2.0.0 Ok", connection, &reader)
      case "QUIT":
        _ = perform(.quit, "221 bye", connection, &reader)
        goesOn = false
      default: goesOn = perform(.quit, "502 what", connection, &reader)
      }
      if !goesOn { return }
    }
  }

  private func content(_ connection: Int32, _ reader: inout SocketReader) -> Bool {
    guard lastReply(connection) == "354" else { return true }
    var content: [UInt8] = []
    while let line = reader.through("\r\n") {
      if line == Array(".\r\n".utf8) {
        heard.withLock { $0.contents.append(content) }
        let goesOn = perform(.dot, "250 2.0.0 Ok: queued as 4XyZ1", connection, &reader)
        if lastReply(connection) == "250" { heard.withLock { $0.accepted += 1 } }
        return goesOn
      }
      content += line
    }
    return false
  }

  private let replies = Mutex<[Int32: String]>([:])
  private let counts = Mutex<[Step: Int]>([:])

  private func lastReply(_ connection: Int32) -> String? { replies.withLock { $0[connection] } }

  private func perform(_ step: Step, _ usual: String, _ connection: Int32, _ reader: inout SocketReader) -> Bool {
    let count = counts.withLock { counts in
      defer { counts[step, default: 0] += 1 }
      return counts[step, default: 0]
    }
    let action = script(step, count) ?? .reply(usual)
    replies.withLock { $0[connection] = nil }
    switch action {
    case .reply(let text), .replyAndDrop(let text):
      replies.withLock { $0[connection] = String(text.prefix(3)) }
      LoopbackSocket.write(text + "\r\n", to: connection)
      if case .replyAndDrop = action { return false }
      return true
    case .drop: return false
    case .hang:
      reader.drain()
      return false
    case .drip(let text, let interval):
      for byte in (text + "\r\n").utf8 {
        guard LoopbackSocket.write(String(UnicodeScalar(byte)), to: connection) else { return false }
        usleep(UInt32(interval * 1_000_000))
      }
      return true
    }
  }
}
