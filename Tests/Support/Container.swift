import Foundation
import Glibc

/// A Debian 12 with systemd as PID 1, in a container of its own: no network but its loopback, the sources at `/src`.
///
/// It is booted by systemd-nspawn without a registration, so that it needs no systemd around it; commands enter it through
/// the namespaces of its first process. All that needs root's rights: sudo, where the tests do not have them.
package final class Container: Sendable {
  private let folder: TemporaryDirectory
  private let nspawn: RunningProgram
  private let leader: Int32

  private static let asRoot = geteuid() == 0 ? [] : ["sudo", "-n"]

  /// Unpacks the tree (made at the first run, then kept), boots it and waits until its units have started.
  package init() async throws {
    let folder = try TemporaryDirectory()
    self.folder = folder
    let made = try await Self.privileged(
      [Repository.fixture("container/make-tree"), Repository.path(".build-container")], within: .seconds(300))
    let archive = made.split(separator: "\n").last.map(String.init) ?? ""
    let tree = folder.path("tree")
    try await Self.privileged(["mkdir", tree])
    try await Self.privileged(["tar", "-xf", archive, "-C", tree])

    let name = "followupd-\(getpid())-\(folder.path.suffix(6))"
    let command =
      Self.asRoot + [
        "systemd-nspawn", "--quiet", "--settings=no", "--register=no", "--keep-unit", "--boot", "--private-network",
        "--link-journal=no", "--console=pipe", "--machine=\(name)", "--directory=\(tree)",
        "--bind-ro=\(URL(filePath: Repository.root).resolvingSymlinksInPath().path):/src",
      ]
    let nspawn = try RunningProgram(command[0], Array(command.dropFirst()))
    self.nspawn = nspawn
    var found: Int32?
    do {
      try await eventually("the container has a first process", seen: { nspawn.standardError }) {
        guard nspawn.isRunning else { throw HarnessError("systemd-nspawn ended: \(nspawn.standardError)") }
        found = Self.firstProcess(below: nspawn.pid)
        return found != nil
      }
    } catch {
      await nspawn.stop()
      throw error
    }
    leader = found ?? 0
    try await eventually("the container has booted", within: .seconds(60)) {
      ["running\n", "degraded\n"].contains(try await attempt("systemctl is-system-running").standardOutput)
    }
  }

  /// Runs a shell command inside, as root.
  package func attempt(_ shell: String, within limit: Duration = .seconds(60)) async throws -> Finished {
    let command =
      Self.asRoot + [
        "nsenter", "--target", "\(leader)", "--mount", "--uts", "--ipc", "--net", "--pid", "--root", "--wd",
        "env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", "HOME=/root",
        "bash", "-c", shell,
      ]
    return try await run(command[0], Array(command.dropFirst()), within: limit)
  }

  /// Runs a shell command inside; anything but exit code 0 fails.
  @discardableResult
  package func callAsFunction(_ shell: String, within limit: Duration = .seconds(60)) async throws -> String {
    let finished = try await attempt(shell, within: limit)
    guard finished.code == 0 else { throw HarnessError("in the container: \(shell)\n\(finished)") }
    return finished.standardOutput.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Writes a file inside.
  package func write(_ path: String, _ text: String) async throws {
    let file = try folder.write("transfer", text)
    let target = folder.path("tree") + path
    try await Self.privileged(["install", "-D", "-m", "0644", file, target])
  }

  /// Shuts it down and removes its tree.
  package func close() async {
    nspawn.send(SIGTERM)
    if (try? await nspawn.wait(within: .seconds(30))) == nil { nspawn.send(SIGKILL) }
    _ = try? await Self.privileged(["rm", "-rf", folder.path("tree")])
  }

  @discardableResult
  private static func privileged(_ command: [String], within limit: Duration = .seconds(60)) async throws -> String {
    let whole = asRoot + command
    return try await runOrFail(whole[0], Array(whole.dropFirst()), within: limit)
  }

  /// The process below `ancestor` that is number 1 in its own namespace.
  private static func firstProcess(below ancestor: Int32) -> Int32? {
    var parents: [Int32: Int32] = [:]
    var candidates: [Int32] = []
    for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
      guard let pid = Int32(name), let status = try? String(contentsOfFile: "/proc/\(name)/status", encoding: .utf8)
      else { continue }
      for line in status.split(separator: "\n") {
        let words = line.split(whereSeparator: \.isWhitespace)
        if words.first == "PPid:", let parent = words.last.flatMap({ Int32($0) }) { parents[pid] = parent }
        if words.first == "NSpid:", words.count > 2, words.last == "1" { candidates.append(pid) }
      }
    }
    return candidates.first { candidate in
      var pid: Int32? = candidate
      while let current = pid, current > 1 {
        if current == ancestor { return true }
        pid = parents[current]
      }
      return false
    }
  }
}

/// Runs `body` in a booted container and shuts that down after it.
package func withContainer<Value>(_ body: (Container) async throws -> Value) async throws -> Value {
  let container = try await Container()
  do {
    let value = try await body(container)
    await container.close()
    return value
  } catch {
    let journal = try? await container("journalctl -b --no-pager -n 60 -u 'followupd*'")
    await container.close()
    throw HarnessError("\(error)\n\(journal ?? "no journal")")
  }
}
