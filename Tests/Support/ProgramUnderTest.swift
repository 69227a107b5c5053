import Foundation

/// The programs as they were built beside the test bundle, so that a test never runs an installed or an older one.
package enum ProgramUnderTest {
  package static let folder = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path

  package static var followupd: String { "\(folder)/followupd" }
  package static var followupctl: String { "\(folder)/followupctl" }

  /// The release programs that `scripts/test` builds for the container, with Swift's libraries inside.
  package static var releaseFolder: String { Repository.path(".build/release") }
}
