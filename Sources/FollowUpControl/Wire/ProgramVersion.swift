/// The version that the daemon and `followupctl` are built as (semver.org).
package enum ProgramVersion {
  package static let text = "0.1.0"
}
