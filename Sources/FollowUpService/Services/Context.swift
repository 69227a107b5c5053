package import FollowUpCore
package import FollowUpStore

/// What handlers and the dispatcher share: built once in `Daemon.swift`, passed down, never looked up.
package struct Context: Sendable {
  package let store: SQLiteStore
  /// By what commands record and judge: the wall clock or, while that is not believed, what it would say had nobody set it
  /// (R6).
  package let now: @Sendable () -> Instant
  package let zones: any ZoneSource
  /// The configuration in force; a reload replaces it.
  package let settings: @Sendable () -> Settings
  /// Takes back claims before a command answers.
  package let withdrawing: any Withdrawing
  /// Tells the dispatcher that rows changed: it arms its timer anew. Call after each commit that planned or settled.
  package let poke: @Sendable () -> Void
  /// Plans everything open anew: call after a commit that planned by a configuration which is no longer in force.
  package var planAgain: @Sendable () -> Void = {}
}
