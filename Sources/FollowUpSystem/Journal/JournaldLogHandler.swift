package import Logging

/// Writes to journald with fields. Metadata pass only under the names of `JournalField`.
package struct JournaldLogHandler: JournalOutput {
  /// Beside the fields, the one other metadata key that is known.
  static let messageIDKey = "MESSAGE_ID"

  package var logLevel: Logger.Level = .info
  package var metadata: Logger.Metadata = [:]
  private let socket: JournaldSocket

  package init(socket: JournaldSocket) { self.socket = socket }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  package func log(event: LogEvent) {
    let all = metadata.merging(event.metadata ?? [:]) { $1 }
    var id: String?
    if case .string(let known)? = all[Self.messageIDKey] { id = known }
    write(event.level, "\(event.message)", id: id, JournalFields(all).checked)
  }

  func write(_ level: Logger.Level, _ text: String, id: String?, _ fields: JournalFields) {
    var lines = Self.head(level, text)
    if let id { lines.append((Self.messageIDKey, id)) }
    fields.forEach { lines.append(($0.rawValue, $1)) }
    socket.send(lines) { count in
      let event = Event.linesLost
      let text = event.text([.count: "\(count)"])
      return Self.head(event.level, text) + [(Self.messageIDKey, event.id), ("COUNT", "\(count)")]
    }
  }

  private static func head(_ level: Logger.Level, _ message: String) -> [(String, String)] {
    [("MESSAGE", message), ("PRIORITY", priority(level)), ("SYSLOG_IDENTIFIER", "followupd")]
  }

  /// The level as syslog numbers it.
  private static func priority(_ level: Logger.Level) -> String {
    switch level {
    case .critical: "2"
    case .error: "3"
    case .warning: "4"
    case .notice: "5"
    case .info: "6"
    case .debug, .trace: "7"
    }
  }
}
