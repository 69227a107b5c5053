internal import FollowUpStore
internal import FollowUpSystem

/// Why the daemon does not start, or ends: the sentence for the operator and the exit code that systemd sees.
struct StartError: Error, Sendable {
  var exitCode: Int32
  var event: Event
  /// What, why, what to do; never a patient's data.
  var sentence: String

  init(exitCode: Int32, event: Event, sentence: String) {
    self.exitCode = exitCode
    self.event = event
    self.sentence = sentence
  }

  init(_ error: StoreError) {
    exitCode = error.exitCode
    sentence = error.sentence
    switch error {
    case .notWritable: event = .stateDirectoryUnwritable
    case .anotherInstance: event = .anotherInstance
    case .damaged, .keyMissing: event = .databaseDamaged
    case .newer: event = .databaseNewer
    case .notDurable, .failed: event = .internalError
    }
  }
}
