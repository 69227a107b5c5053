package import Logging

/// Where the daemon tells what happens. Lines are made of an event's own sentence, literal texts, and fields of a closed set:
/// no call takes a free text, so that no patient's data can be logged by mistake.
package struct Journal: Sendable {
  /// For libraries that want a logger: what they say passes as text, of their metadata only `JournalField` names.
  package let logger: Logger

  package init(logger: Logger) { self.logger = logger }

  /// journald where it reads this process's standard error (`JOURNAL_STREAM`), else readable lines on standard error.
  package static func standard(level: Logger.Level = .info) -> Journal {
    var logger = Logger(label: "followupd") { _ in
      if let socket = JournaldSocket.ofThisProcess() {
        JournaldLogHandler(socket: socket)
      } else {
        TerminalLogHandler()
      }
    }
    logger.logLevel = level
    return Journal(logger: logger)
  }

  /// Logs an event at its own level. `detail` is added to its sentence.
  package func log(_ event: Event, _ fields: [JournalField: String] = [:], detail: OperatorText? = nil) {
    guard event.level >= logger.logLevel else { return }
    let checked = Self.checked(fields)
    var text = event.text(checked)
    if let detail { text += ": " + detail.text }
    var metadata = Self.metadata(checked)
    metadata[JournaldLogHandler.messageIDKey] = .string(event.id)
    logger.log(level: event.level, "\(text)", metadata: metadata)
  }

  /// Logs what only a developer wants to know; the text is literal.
  package func debug(_ text: StaticString, _ fields: @autoclosure () -> [JournalField: String] = [:]) {
    guard logger.logLevel <= .debug else { return }
    logger.debug("\(text)", metadata: Self.metadata(Self.checked(fields())))
  }

  private static func checked(_ fields: [JournalField: String]) -> [JournalField: String] {
    var checked = fields
    for (field, value) in fields where !field.accepts(value) { checked[field] = field.checked(value) }
    return checked
  }

  private static func metadata(_ fields: [JournalField: String]) -> Logger.Metadata {
    Logger.Metadata(fields.map { ($0.key.rawValue, .string($0.value)) }, uniquingKeysWith: { first, _ in first })
  }
}
