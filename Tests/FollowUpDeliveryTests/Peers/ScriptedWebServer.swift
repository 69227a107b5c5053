import Foundation
import Glibc
import Synchronization

/// A web server that answers as it is told, and remembers what it was sent.
final class ScriptedWebServer: Sendable {
  enum Action: Sendable {
    /// The whole answer, status line and all.
    case raw(String)
    /// Says this, and no more until the peer goes away.
    case rawThenHang(String)
    case status(Int, headers: [String] = [], body: String = "")
    case drop
    case hang
    /// Answers, says that it will keep the connection, and closes it when the next request comes.
    case answerThenDropNext
    case endlessHeaders
    case endlessBody
    /// A byte each `interval` seconds, without end.
    case drip(interval: Double)
  }

  struct Request: Sendable {
    var line: String
    var headers: [String: String]
    var body: [UInt8]
  }

  let port: UInt16
  private let listener: Int32
  private let heard = Mutex<(connections: Int, requests: [Request])>((0, []))
  private let script: @Sendable (Int) -> Action

  /// `script` is asked with the number of requests before this one.
  init(_ script: @escaping @Sendable (Int) -> Action) {
    (listener, port) = LoopbackSocket.listen()
    self.script = script
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

  var requests: [Request] { heard.withLock { $0.requests } }
  var connections: Int { heard.withLock { $0.connections } }

  private func serve(_ connection: Int32) {
    defer { close(connection) }
    heard.withLock { $0.connections += 1 }
    var reader = SocketReader(connection)
    var dropsNext = false
    while let request = read(&reader) {
      if dropsNext { return }
      let number = heard.withLock { heard in
        heard.requests.append(request)
        return heard.requests.count - 1
      }
      switch script(number) {
      case .raw(let text):
        LoopbackSocket.write(text, to: connection)
        return
      case .rawThenHang(let text):
        LoopbackSocket.write(text, to: connection)
        reader.drain()
        return
      case .status(let status, let headers, let body):
        answer(status, headers, body, connection)
      case .drop: return
      case .hang:
        reader.drain()
        return
      case .answerThenDropNext:
        answer(200, [], "", connection)
        dropsNext = true
      case .endlessHeaders:
        LoopbackSocket.write("HTTP/1.1 200 OK\r\n", to: connection)
        while LoopbackSocket.write("X-Filler: \(String(repeating: "x", count: 1000))\r\n", to: connection) {}
        return
      case .endlessBody:
        LoopbackSocket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", to: connection)
        while LoopbackSocket.write("400\r\n\(String(repeating: "x", count: 1024))\r\n", to: connection) {}
        return
      case .drip(let interval):
        LoopbackSocket.write("HTTP/1.1 200 OK\r\nX-Slow: ", to: connection)
        while LoopbackSocket.write("x", to: connection) { usleep(UInt32(interval * 1_000_000)) }
        return
      }
    }
  }

  private func answer(_ status: Int, _ headers: [String], _ body: String, _ connection: Int32) {
    let lines = ["HTTP/1.1 \(status) Scripted", "Content-Length: \(body.utf8.count)"] + headers
    LoopbackSocket.write(lines.joined(separator: "\r\n") + "\r\n\r\n" + body, to: connection)
  }

  private func read(_ reader: inout SocketReader) -> Request? {
    guard let line = reader.line() else { return nil }
    var headers: [String: String] = [:]
    while let header = reader.line(), !header.isEmpty {
      let parts = header.split(separator: ":", maxSplits: 1)
      headers[parts[0].lowercased()] = parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
    }
    guard let body = reader.bytes(Int(headers["content-length"] ?? "0") ?? 0) else { return nil }
    return Request(line: line, headers: headers, body: body)
  }
}
