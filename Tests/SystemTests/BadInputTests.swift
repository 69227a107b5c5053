import Foundation
import Support
import Testing

/// One wrong command: its arguments, the exit code and the error's code that it must end with.
struct BadInput: Sendable {
  let arguments: [String]
  let exit: Int32
  let code: String

  init(_ arguments: String..., exit: Int32, code: String) {
    self.arguments = arguments
    self.exit = exit
    self.code = code
  }

  /// The clinic that they meet: patient p1 with e-mail and F-1 (open, far ahead), p2 without a contact and F-2 (cancelled).
  static let all: [BadInput] =
    [
      // Usage: the words themselves are wrong.
      BadInput("frobnicate", exit: 64, code: "usage"),
      BadInput("statsu", exit: 64, code: "usage"),
      BadInput("status", "--colour", exit: 64, code: "usage"),
      BadInput("add", exit: 64, code: "usage"),
      BadInput("add", "p1", exit: 64, code: "usage"),
      BadInput("add", "p1", "2030-01-07", "10:00", "--plan", exit: 64, code: "usage"),
      BadInput("patient", "add", exit: 64, code: "usage"),
      BadInput("patient", "add", "p9", exit: 64, code: "usage"),
      BadInput("patient", "adopt", "p1", exit: 64, code: "usage"),
      BadInput("patient", "show", exit: 64, code: "usage"),
      BadInput("patient", "deceased", exit: 64, code: "usage"),
      BadInput("contact", "add", "p1", "email", exit: 64, code: "usage"),
      BadInput("contact", "consent", "p1", "email", "granted", exit: 64, code: "usage"),
      BadInput("move", exit: 64, code: "usage"),
      BadInput("move", "F-1", exit: 64, code: "usage"),
      BadInput("show", exit: 64, code: "usage"),
      BadInput("explain", exit: 64, code: "usage"),
      BadInput("confirm", exit: 64, code: "usage"),
      BadInput("cancel", exit: 64, code: "usage"),
      BadInput("stop", exit: 64, code: "usage"),
      BadInput("hold", "all", exit: 64, code: "usage"),
      BadInput("hold", "everything", "--reason", "x", exit: 64, code: "usage"),
      BadInput("release", exit: 64, code: "usage"),
      BadInput("outbox", "show", exit: 64, code: "usage"),
      BadInput("upcoming", "--days", "soon", exit: 64, code: "usage"),
      BadInput("list", "--limit", "many", exit: 64, code: "usage"),
      // A change of many, or one without a way back, without --yes and without a terminal.
      BadInput("patient", "deceased", "p1", exit: 64, code: "usage"),
      BadInput("cancel", "F-1", "F-2", exit: 64, code: "usage"),
      BadInput("release", "all", exit: 64, code: "usage"),

      // No such thing.
      BadInput("show", "F-999", exit: 66, code: "not-found"),
      BadInput("show", "M-999", exit: 66, code: "not-found"),
      BadInput("show", "F-1@2019-01-01", exit: 66, code: "not-found"),
      BadInput("explain", "F-999", exit: 66, code: "not-found"),
      BadInput("confirm", "F-999", exit: 66, code: "not-found"),
      BadInput("decline", "999", exit: 66, code: "not-found"),
      BadInput("complete", "F-999", exit: 66, code: "not-found"),
      BadInput("miss", "F-999", exit: 66, code: "not-found"),
      BadInput("cancel", "F-999", "--yes", exit: 66, code: "not-found"),
      BadInput("move", "F-999", "2030-01-07", "10:00", exit: 66, code: "not-found"),
      BadInput("show", "pms:4711", exit: 66, code: "not-found"),
      BadInput("patient", "show", "nobody", exit: 66, code: "not-found"),
      BadInput("patient", "edit", "nobody", "--name", "N", exit: 66, code: "not-found"),
      BadInput("patient", "inactive", "nobody", exit: 66, code: "not-found"),
      BadInput("patient", "deceased", "nobody", "--yes", exit: 66, code: "not-found"),
      BadInput("add", "nobody", "2030-01-07", "10:00", exit: 66, code: "not-found"),
      BadInput("add", "p1", "2030-01-07", "10:00", "--plan", "nonsense", exit: 66, code: "not-found"),
      BadInput("contact", "list", "nobody", exit: 66, code: "not-found"),
      BadInput("contact", "add", "nobody", "email", "n@example.org", exit: 66, code: "not-found"),
      BadInput("stop", "nobody", exit: 66, code: "not-found"),
      BadInput("hold", "plan", "nonsense", "--reason", "x", exit: 66, code: "not-found"),
      BadInput("hold", "channel", "pigeon", "--reason", "x", exit: 66, code: "not-found"),
      BadInput("hold", "patient", "nobody", "--reason", "x", exit: 66, code: "not-found"),
      BadInput("release", "H-999", exit: 66, code: "not-found"),
      BadInput("outbox", "show", "M-999", exit: 66, code: "not-found"),
      BadInput("outbox", "retry", "M-999", exit: 66, code: "not-found"),
      BadInput("outbox", "drop", "M-999", "--reason", "x", "--yes", exit: 66, code: "not-found"),
      BadInput("plan", "show", "nonsense", exit: 66, code: "not-found"),

      // Data that cannot be.
      BadInput("add", "p1", "2030-02-30", "10:00", exit: 65, code: "invalid"),
      BadInput("add", "p1", "2030-13-01", "10:00", exit: 65, code: "invalid"),
      BadInput("add", "p1", "2030-01-07", "25:00", exit: 65, code: "invalid"),
      BadInput("add", "p1", "2030-01-07", "10:60", exit: 65, code: "invalid"),
      BadInput("add", "p1", "99999-01-07", "10:00", exit: 65, code: "invalid"),
      BadInput("add", "p1", "some", "day", exit: 65, code: "invalid"),
      BadInput("add", "p1", "", exit: 65, code: "invalid"),
      BadInput("add", "p1", "01/07/2030", "10:00", exit: 65, code: "ambiguous"),
      BadInput("add", "p1", "2020-01-07", "10:00", exit: 65, code: "invalid"),
      BadInput("add", "p1", "2030-01-07", "10:00", "--zone", "Mars/Olympus", exit: 65, code: "invalid"),
      BadInput("add", "p1", "2030-01-07", "10:00", "--zone", "../../etc/passwd", exit: 65, code: "invalid"),
      BadInput("add", "p1", "2030-01-07", "10:00", "--owner", "role:pilot", exit: 65, code: "invalid"),
      BadInput("add", "p1", "2030-01-07", "10:00", "--repeat", "FREQ=HOURLY", exit: 65, code: "invalid"),
      BadInput("add", "p1", "2030-01-07", "10:00", "--repeat", "nonsense", exit: 65, code: "invalid"),
      BadInput("move", "F-1", "2020-01-07", "10:00", exit: 65, code: "invalid"),
      BadInput("move", "F-1", "tomorrowish", exit: 65, code: "invalid"),
      BadInput("show", "F-0", exit: 65, code: "invalid"),
      BadInput("show", "F-1@2030-02-30", exit: 65, code: "invalid"),
      BadInput("show", "X-1", exit: 65, code: "invalid"),
      BadInput("patient", "add", "", "--name", "N", exit: 65, code: "invalid"),
      BadInput("patient", "add", "a b\nc", "--name", "N", exit: 65, code: "invalid"),
      BadInput("patient", "add", "p9", "--name", "", exit: 65, code: "invalid"),
      BadInput("patient", "add", "p9", "--name", "Two\nLines", exit: 65, code: "invalid"),
      BadInput("patient", "add", "p9", "--name", "N", "--born", "1980-02-30", exit: 65, code: "invalid"),
      BadInput("patient", "add", "p9", "--name", "N", "--born", "2999-01-01", exit: 65, code: "invalid"),
      BadInput("patient", "add", "p9", "--name", "N", "--email", "nowhere", exit: 65, code: "invalid"),
      BadInput("patient", "add", "p9", "--name", "N", "--email", "a@b@example.org", exit: 65, code: "invalid"),
      BadInput(
        "patient", "add", "p9", "--name", "N", "--email", "a@example.org\r\nBcc: x@example.org", exit: 65,
        code: "invalid"),
      BadInput("patient", "add", "p9", "--name", "N", "--sms", "call me", exit: 65, code: "invalid"),
      BadInput("patient", "add", "p9", "--name", "N", "--phone", "12", exit: 65, code: "invalid"),
      BadInput("patient", "add", "p9", "--name", "N", "--zone", "Nowhere/Land", exit: 65, code: "invalid"),
      BadInput("patient", "add", "p9", "--name", "N", "--language", "not a language", exit: 65, code: "invalid"),
      BadInput("patient", "add", "p9", "--name", "N", "--hours", "26:00-27:00", exit: 65, code: "invalid"),
      BadInput("patient", "edit", "p1", "--zone", "Nowhere/Land", exit: 65, code: "invalid"),
      BadInput("contact", "add", "p1", "email", "nowhere", exit: 65, code: "invalid"),
      BadInput("contact", "add", "p1", "pigeon", "loft 7", exit: 65, code: "invalid"),
      BadInput("hold", "all", "--reason", "x", "--until", "2020-01-01", exit: 65, code: "invalid"),

      // What is there already, or over.
      BadInput("patient", "add", "p1", "--name", "N", exit: 79, code: "duplicate"),
      BadInput("add", "p1", "2031-03-04", "10:00", exit: 79, code: "duplicate"),
      BadInput("confirm", "F-2", exit: 79, code: "conflict"),
      BadInput("move", "F-2", "2031-03-05", "10:00", exit: 79, code: "conflict"),
    ]
}

/// Every wrong argument gets one clear error with what to do, its exit code, and changes nothing.
@Suite struct BadInputTests {
  @Test("A wrong command ends with its exit code and its error code, and the database is as before")
  func table() async throws {
    var clinic = ClinicFile()
    clinic.email(port: try freePort())
    try await withDaemon(clinic) { daemon in
      try await daemon.addPatient("p1")
      try await daemon.addPatient("p2", contacts: [])
      try await daemon.addVisit("p1", at: "2031-03-04T10:00")
      try await daemon.addVisit("p2", at: "2031-03-04T10:00")
      try await daemon.ctl("cancel", "F-2", "--yes")
      var before = try await daemon.dump()
      #expect(BadInput.all.count >= 60)
      for input in BadInput.all {
        let answer = try await daemon.ctl.attempt(input.arguments)
        let what = Comment(rawValue: "\(input.arguments)\n\(answer.finished)")
        #expect(answer.code == input.exit, what)
        #expect(answer.failure["code"].string == input.code, what)
        #expect(answer.failure["exit"].int == Int(input.exit), what)
        #expect(answer.failure["hint"].string?.isEmpty == false, what)
        #expect(answer.finished.standardOutput.isEmpty, what)
        let after = try await daemon.dump()
        #expect(after == before, what)
        before = after
      }
    }
  }

  @Test("An error for people is one line: what, why, what to do")
  func oneLine() async throws {
    try await withDaemon { daemon in
      for arguments in [["show", "F-999"], ["frobnicate"], ["patient", "add", "p9"], ["add", "p1", "2020-01-01"]] {
        let finished = try await run(
          ProgramUnderTest.followupctl, arguments, environment: ["FOLLOWUPD_SOCKET": daemon.socket])
        let lines = finished.standardError.split(separator: "\n")
        #expect(lines.count == 1, "\(finished)")
        #expect(lines.first?.hasPrefix("followupctl: ") == true, "\(finished)")
        #expect(finished.standardError.components(separatedBy: ": ").count >= 4, "\(finished)")
        #expect(finished.standardOutput.isEmpty)
      }
    }
  }

  @Test("A duplicate patient names the existing one, and a dry run changes nothing")
  func duplicates() async throws {
    try await withDaemon { daemon in
      try await daemon.addPatient("p1")
      let before = try await daemon.dump()
      let again = try await daemon.ctl.attempt(["patient", "add", "p1", "--name", "Another"])
      #expect(again.code == 79)
      #expect(again.finished.standardError.contains("p1"))
      for arguments in [
        ["patient", "add", "p2", "--name", "N", "-n"], ["add", "p1", "2031-03-04", "10:00", "--dry-run"],
        ["patient", "deceased", "p1", "-n"], ["stop", "p1", "-n"], ["hold", "all", "--reason", "x", "-n"],
      ] {
        let tried = try await daemon.ctl.attempt(arguments)
        #expect(tried.code == 0, "\(tried.finished)")
        #expect(try await daemon.dump() == before, "\(arguments)")
      }
    }
  }

  @Test("Nobody listens: 69, saying so")
  func noDaemon() async throws {
    let answer = try await Ctl(socket: "/tmp/followupd-test-nobody.sock").attempt(["ping"])
    #expect(answer.code == 69)
    #expect(answer.failure["exit"].int == 69)
  }

  @Test(
    "Promise 34: a frame that is no call is refused or closed, and the daemon goes on",
    arguments: [
      "nonsense", "{", "[]", "{}", #"{"method": 1}"#, #"{"method": "org.followupd.Nonsense"}"#,
      #"{"method": "org.followupd.ShowPatient", "parameters": {"who": 7}}"#,
      #"{"method": "org.followupd.ShowPatient", "parameters": []}"#,
      String(repeating: "[", count: 100_000), String(repeating: "x", count: 2 << 20),
    ])
  func frames(_ frame: String) async throws {
    try await withDaemon { daemon in
      let before = try await daemon.dump()
      let script = """
        import socket, sys
        s = socket.socket(socket.AF_UNIX); s.settimeout(20); s.connect(sys.argv[1])
        try:
            s.sendall(sys.stdin.buffer.read() + b"\\0")
            answer = s.recv(65536)
        except (ConnectionError, BrokenPipeError):
            answer = b""
        sys.stdout.buffer.write(answer.rstrip(b"\\0"))
        """
      let answer = try await runOrFail(Repository.python, ["-c", script, daemon.socket], input: frame)
      if !answer.isEmpty { #expect(try JSON(parsing: answer)["error"].string != nil) }
      try await daemon.ctl("ping")
      #expect(try await daemon.dump() == before)
    }
  }
}
