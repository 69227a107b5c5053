import Support
import Testing

/// The peers and the harness itself: what they would miss, every other test here would miss.
@Suite struct HarnessTests {
  @Test("A program's exit code, its output and the signal that ended it are all seen")
  func programs() async throws {
    let finished = try await run("sh", ["-c", "cat; echo oops >&2; exit 3"], input: "hello")
    #expect(finished.code == 3)
    #expect(finished.standardOutput == "hello")
    #expect(finished.standardError == "oops\n")
    let killed = try await run("sh", ["-c", "kill -9 $$"])
    #expect(killed.ending == .signal(9))
  }

  @Test("A condition that never holds fails with what was seen")
  func deadline() async {
    await #expect(throws: HarnessError.self) {
      try await eventually("never", within: .milliseconds(20)) { false }
    }
  }

  @Test("smtp-sink keeps each message with its envelope")
  func sink() async throws {
    let sink = try await SMTPSink()
    let send = """
      import smtplib, sys
      s = smtplib.SMTP('127.0.0.1', int(sys.argv[1]))
      for n in range(3):
          s.sendmail('a@example.org', [f'p{n}@example.org'], f'Subject: number\\r\\n  {n}\\r\\n\\r\\nbody')
      s.quit()
      """
    try await runOrFail(Repository.python, ["-c", send, "\(sink.port)"])
    let messages = try await sink.wait(for: 3)
    #expect(Set(sink.recipients) == ["p0@example.org", "p1@example.org", "p2@example.org"])
    #expect(messages.compactMap { $0.header("subject") }.sorted() == ["number  0", "number  1", "number  2"])
    await sink.stop()
  }

  @Test("A gated server stalls until it is opened, and then takes what waited")
  func gate() async throws {
    let server = try await PythonPeer("gated_smtp.py", ["--at", "DATA"])
    let send = """
      import smtplib, sys
      smtplib.SMTP('127.0.0.1', int(sys.argv[1])).sendmail('a@example.org', ['p@example.org'], 'Subject: x\\r\\n\\r\\nb')
      """
    let sending = try RunningProgram(Repository.python, ["-c", send, "\(server.port)"])
    try await server.wait(for: 2)
    #expect(server.seen.map { $0["event"].string } == ["recipient", "stalled"])
    try server.open()
    #expect(try await sending.wait() == .exit(0))
    #expect(server.seen.last?["event"].string == "message")
    await server.stop()
  }
}
