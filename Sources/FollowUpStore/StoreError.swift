/// Why the store cannot be opened or used. `exitCode` is the daemon's (`interface.md`, followupd).
package enum StoreError: Error, Sendable, Equatable {
  case notWritable(path: String, why: String)
  case anotherInstance(path: String)
  case damaged(path: String, why: String)
  case newer(path: String, found: Int, known: Int)
  case notDurable(found: Int)
  case keyMissing(path: String)
  case failed(why: String)

  package var exitCode: Int32 {
    switch self {
    case .notWritable: 73
    case .anotherInstance: 75
    case .damaged, .newer, .keyMissing: 65
    case .notDurable, .failed: 70
    }
  }

  /// What, where, and what to do: one sentence for the operator, never a patient's data.
  package var sentence: String {
    switch self {
    case .notWritable(let path, let why):
      "the state directory \(path) cannot be written: \(why): check its owner, mode and mount, then start again"
    case .anotherInstance(let path):
      "another followupd runs on \(path): stop it first, or give this one its own state directory"
    case .damaged(let path, let why):
      "the database \(path) is damaged (\(why)); it was left as it is: "
        + "keep a copy of the state directory, then put the newest backup in its place"
    case .newer(let path, let found, let known):
      "the database \(path) has schema \(found), this program knows \(known): "
        + "install the followupd that wrote it, or restore a backup made before the upgrade"
    case .notDurable(let found):
      "SQLite reports synchronous=\(found) instead of 2 (FULL): this build would lose acknowledged work, do not use it"
    case .keyMissing(let path):
      "the key \(path), which the audit record needs, is missing: restore the folder keys/ from the backup"
    case .failed(let why): "the database could not be used: \(why): see the journal and the disk"
    }
  }
}
