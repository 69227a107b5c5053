internal import CSystemd
internal import Glibc
package import Logging
internal import Synchronization

/// Writes one readable line an event to standard error, `warning: WHAT  FIELD=value`, where there is no journald. No time:
/// whoever keeps these lines adds one, and the wall clock is not read here.
package struct TerminalLogHandler: JournalOutput {
  package var logLevel: Logger.Level = .info
  package var metadata: Logger.Metadata = [:]
  private let output: Output

  /// `descriptor`: standard error unless told.
  package init(descriptor: Int32 = STDERR_FILENO) { output = Output(descriptor: descriptor) }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  package func log(event: LogEvent) {
    let all = metadata.merging(event.metadata ?? [:]) { $1 }
    write(event.level, "\(event.message)", id: nil, JournalFields(all).checked)
  }

  func write(_ level: Logger.Level, _ text: String, id: String?, _ fields: JournalFields) {
    var line = "\(level): "
    line += text
    fields.forEach { field, value in
      line += "  "
      line += field.rawValue
      line += "="
      line += value
    }
    output.write(line)
  }

  /// One descriptor, whole lines. A reader that is stopped costs lines, never the daemon (promise 41).
  private final class Output: Sendable {
    private let descriptor: Int32
    private let dropped = Mutex(0)

    init(descriptor: Int32) { self.descriptor = descriptor }

    func write(_ line: String) {
      // A pipe that polls writable takes PIPE_BUF bytes without waiting.
      var bytes = line.utf8.prefix(4095).map { $0 < 0x20 ? 0x20 : $0 }
      bytes.append(0x0A)
      dropped.withLock { dropped in
        if dropped > 0, put(Array("warning: \(dropped) lines lost\n".utf8)) { dropped = 0 }
        if !put(bytes) { dropped += 1 }
      }
    }

    private func put(_ bytes: [UInt8]) -> Bool {
      var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      guard poll(&ready, 1, 0) == 1, ready.revents & Int16(POLLOUT) != 0 else { return false }
      return Glibc.write(descriptor, bytes, bytes.count) == bytes.count
    }
  }
}
