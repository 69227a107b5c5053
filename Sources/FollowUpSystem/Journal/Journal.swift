package import Logging

/// Where the daemon tells what happens. Lines are made of an event's own sentence, literal texts, and fields of a closed set:
/// no call takes a free text, so that no patient's data can be logged by mistake.
package struct Journal: Sendable {
  /// For libraries that want a logger: what they say passes as text, of their metadata only `JournalField` names.
  package let logger: Logger
  /// Where its own lines go; nil: by way of the logger.
  private let output: (any JournalOutput)?

  package init(logger: Logger) { self.init(logger: logger, output: nil) }

  private init(logger: Logger, output: (any JournalOutput)?) {
    self.logger = logger
    self.output = output
  }

  /// journald where it reads this process's standard error (`JOURNAL_STREAM`), else readable lines on standard error.
  package static func standard(level: Logger.Level = .info) -> Journal {
    let output: any JournalOutput =
      if let socket = JournaldSocket.ofThisProcess() { JournaldLogHandler(socket: socket) } else {
        TerminalLogHandler()
      }
    var logger = Logger(label: "followupd") { _ in output }
    logger.logLevel = level
    return Journal(logger: logger, output: output)
  }

  /// Logs an event at its own level. `detail` is added to its sentence.
  package func log(_ event: Event, _ fields: JournalFields = [:], detail: OperatorText? = nil) {
    guard event.level >= logger.logLevel else { return }
    let checked = fields.checked
    var text = event.text(checked)
    if let detail { text += ": " + detail.text }
    if let output { return output.write(event.level, text, id: event.id, checked) }
    var metadata = checked.metadata
    metadata[JournaldLogHandler.messageIDKey] = .string(event.id)
    logger.log(level: event.level, "\(text)", metadata: metadata)
  }

  /// Logs what only a developer wants to know; the text is literal.
  package func debug(_ text: StaticString, _ fields: @autoclosure () -> JournalFields = [:]) {
    guard logger.logLevel <= .debug else { return }
    logger.debug("\(text)", metadata: fields().checked.metadata)
  }
}

/// A log handler that takes the journal's own lines as they are, too: their fields have been checked.
protocol JournalOutput: LogHandler {
  func write(_ level: Logger.Level, _ text: String, id: String?, _ fields: JournalFields)
}
