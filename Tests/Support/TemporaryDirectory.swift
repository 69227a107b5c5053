import Foundation
import Glibc

/// A folder of one test's own, removed with its last reference. Its path is short: a Unix socket's may have 107 bytes.
package final class TemporaryDirectory: Sendable {
  package let path: String

  package convenience init() throws { try self.init(in: "/tmp") }

  /// In memory where the machine has such a folder: what writes much and must survive nothing takes a tenth of the time.
  package static func inMemory() throws -> TemporaryDirectory {
    try TemporaryDirectory(in: access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp")
  }

  private init(in parent: String) throws {
    var template = Array("\(parent)/followupd-test.XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw HarnessError("mkdtemp: \(String(cString: strerror(errno)))") }
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  package func path(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a file, making the folders on its way. Returns its path.
  @discardableResult
  package func write(_ name: String, _ text: String, mode: Int = 0o644) throws -> String {
    let file = path(name)
    let folder = URL(filePath: file).deletingLastPathComponent().path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(filePath: file))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
    return file
  }

  package func read(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: path(name))), as: UTF8.self)
  }

  /// The bytes in a file; 0 if it is not there.
  package func size(of name: String) -> Int {
    ((try? FileManager.default.attributesOfItem(atPath: path(name)))?[.size] as? Int) ?? 0
  }

  /// The names in a folder below this one, sorted; none if the folder is not there.
  package func names(in folder: String = "") -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path(folder))) ?? []).sorted()
  }
}
