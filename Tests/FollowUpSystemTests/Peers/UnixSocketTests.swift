import FollowUpSystem
import Foundation
import Glibc
import Testing

@Suite struct UnixSocketTests {
  let directory = FileManager.default.temporaryDirectory.appending(path: "socket-\(UUID().uuidString.prefix(8))").path
  var path: String { directory + "/control.sock" }

  @Test("Binding makes the directory, and everybody may connect")
  func binds() throws {
    let listener = try ListeningSocket(path: path)
    var status = stat()
    #expect(stat(path, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o666)
    let client = try UnixSocket.connect(path: path)
    close(client)
    listener.removeFile()
    close(listener.descriptor)
    #expect(access(path, F_OK) != 0)
  }

  @Test("Promise 10: where another process listens, the socket is left to it")
  func living() throws {
    let first = try ListeningSocket(path: path)
    #expect(throws: UnixSocket.BindError.anotherInstance(path: path)) { try ListeningSocket(path: path) }
    let client = try UnixSocket.connect(path: path)
    close(client)
    close(first.descriptor)
  }

  @Test("Promise 10: a listener whose queue is full lives, too")
  func livingButBusy() throws {
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    let listener = try UnixSocket.bind(path: path, backlog: 0)
    let clients = [try UnixSocket.connect(path: path)]
    #expect(throws: UnixSocket.BindError.anotherInstance(path: path)) { try UnixSocket.bind(path: path) }
    (clients + [listener]).forEach { close($0) }
  }

  @Test("The socket file that a killed daemon left is replaced")
  func stale() throws {
    close(try ListeningSocket(path: path).descriptor)
    let again = try ListeningSocket(path: path)
    close(try UnixSocket.connect(path: path))
    close(again.descriptor)
  }

  @Test("A file that is no socket is never removed")
  func otherFile() throws {
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    try Data("keep".utf8).write(to: URL(filePath: path))
    #expect(throws: UnixSocket.BindError.system(SystemError(call: "bind \(path)", errno: EEXIST))) {
      try UnixSocket.bind(path: path)
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "keep")
  }

  @Test("A socket file that another process has put there since is not removed")
  func notOurs() throws {
    let first = try ListeningSocket(path: path)
    close(first.descriptor)
    let second = try ListeningSocket(path: path)
    first.removeFile()
    #expect(access(path, F_OK) == 0)
    close(second.descriptor)
  }

  @Test(
    "A path that cannot be is told by the kernel's reason",
    arguments: [
      ("/proc/none/deeper/control.sock", ENOENT), ("/tmp/" + String(repeating: "x", count: 120), ENAMETOOLONG),
      ("", ENAMETOOLONG), ("/proc/control.sock", ENOENT),
    ])
  func impossible(path: String, code: Int32) throws {
    let error = #expect(throws: UnixSocket.BindError.self) { try UnixSocket.bind(path: path) }
    guard case .system(let reason)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(reason.errno == code)
  }
}

/// In processes of their own, since the environment is the process's.
@Suite struct InheritedSocketsTests {
  @Test("Promise 44: sockets meant for another process are not taken, and the environment is cleared")
  func wrongProcess() async {
    await #expect(processExitsWith: .success) {
      setenv("LISTEN_PID", "1", 1)
      setenv("LISTEN_FDS", "1", 1)
      #expect(InheritedSockets.take().isEmpty)
      #expect(getenv("LISTEN_PID") == nil)
      #expect(getenv("LISTEN_FDS") == nil)
    }
  }

  @Test("Promise 44: without the variables there is nothing, nor with nonsense", arguments: ["", "x", "-1"])
  func none(count: String) async {
    await #expect(processExitsWith: .success) { [count] in
      setenv("LISTEN_PID", "\(getpid())", 1)
      if !count.isEmpty { setenv("LISTEN_FDS", count, 1) }
      #expect(InheritedSockets.take().isEmpty)
    }
  }

  @Test("A listening socket at the first inherited descriptor is taken once")
  func inherited() async {
    await #expect(processExitsWith: .success) {
      let path = FileManager.default.temporaryDirectory.appending(path: "inherited-\(getpid())").path
      let listener = try UnixSocket.bind(path: path)
      // Whatever the test runner keeps at 3 is put back afterwards.
      let kept = dup(3)
      dup2(listener, 3)
      setenv("LISTEN_PID", "\(getpid())", 1)
      setenv("LISTEN_FDS", "1", 1)
      let taken = InheritedSockets.take()
      let again = InheritedSockets.take()
      let closesOnExec = fcntl(3, F_GETFD) & FD_CLOEXEC != 0
      if kept >= 0 { dup2(kept, 3) }
      unlink(path)
      #expect(taken.map(\.descriptor) == [3])
      #expect(taken.allSatisfy { $0.ownedPath == nil })
      #expect(again.isEmpty)
      #expect(closesOnExec)
    }
  }
}
