internal import FollowUpStore
internal import FollowUpSystem

/// Why the daemon does not start, or ends: the sentence for the operator and the exit code that systemd sees.
struct StartError: Error, Sendable {
  var exitCode: Int32
  var event: Event
  /// What the event's line names.
  var fields: JournalFields
  /// What, why, what to do; never a patient's data.
  var sentence: String

  init(exitCode: Int32, event: Event, fields: JournalFields = [:], sentence: String) {
    self.exitCode = exitCode
    self.event = event
    self.fields = fields
    self.sentence = sentence
  }

  init(_ error: StoreError) {
    exitCode = error.exitCode
    sentence = error.sentence
    switch error {
    case .notWritable(let path, _): (event, fields) = (.stateDirectoryUnwritable, [.path: path])
    case .anotherInstance(let path): (event, fields) = (.anotherInstance, [.path: path])
    case .damaged(let path, _), .keyMissing(let path): (event, fields) = (.databaseDamaged, [.path: path])
    case .newer(_, let found, _): (event, fields) = (.databaseNewer, [.schema: String(found)])
    case .notDurable: (event, fields) = (.internalError, [.reason: "not-durable"])
    case .failed: (event, fields) = (.internalError, [.reason: "database"])
    }
  }
}
