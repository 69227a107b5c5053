import Support
import Testing

/// The short form of `scripts/faults`: each promise, provoked against the release programs with real peers. `scripts/test`
/// builds those; `scripts/faults --long` is the long form.
@Suite struct FaultSuiteTests {
  @Test("Promise 1: killed at random, nothing is missing and only what was uncertain comes twice")
  func promise1() async throws { try await holds(1) }

  @Test("Promise 2: killed at the n-th sync, the database is whole and all states are legal")
  func promise2() async throws { try await holds(2) }

  @Test("Promise 3: after a power cut every acknowledged command is present")
  func promise3() async throws { try await holds(3) }

  @Test("Promise 4: I/O errors stop the sending, degrade the status, and end with the fault")
  func promise4() async throws { try await holds(4) }

  @Test("Promise 5: a full disk costs the ballast, pauses claims, and is left by itself")
  func promise5() async throws { try await holds(5) }

  @Test("Promise 6: a write that lies is found, and nothing is sent from doubtful rows")
  func promise6() async throws { try await holds(6) }

  @Test("Promise 7: a read-only state directory is refused with 73")
  func promise7() async throws { try await holds(7) }

  @Test("Promise 8: a corrupt database is refused with 65, and kept")
  func promise8() async throws { try await holds(8) }

  @Test("Promise 9: a restored database holds all sending, and what may have left is asked about")
  func promise9() async throws { try await holds(9) }

  @Test("Promise 10: a second instance is refused with 75, and the first goes on")
  func promise10() async throws { try await holds(10) }

  @Test("Promise 11: a foreign writer is waited for, and the watchdog does not fire")
  func promise11() async throws { try await holds(11) }

  @Test("Promise 12: a newer schema is refused with 65")
  func promise12() async throws { try await holds(12) }

  @Test("Promise 13: killed in a migration, the database is the old one or the new one")
  func promise13() async throws { try await holds(13) }

  @Test("Promise 21: a mail server that cannot be reached keeps back its own messages only")
  func promise21() async throws { try await holds(21) }

  @Test("Promise 22: 4xx and 5xx at MAIL, RCPT and DATA are retries, rejections and misconfigurations")
  func promise22() async throws { try await holds(22) }

  @Test("Promise 23: dropped after the dot is uncertain, and repeated under the same Message-ID")
  func promise23() async throws { try await holds(23) }

  @Test("Promise 24: 5xx after the dot is not sent")
  func promise24() async throws { try await holds(24) }

  @Test("Promise 25: dropped or hung at QUIT is sent once")
  func promise25() async throws { try await holds(25) }

  @Test("Promise 26: a peer at one byte a second holds up no other channel and no stop")
  func promise26() async throws { try await holds(26) }

  @Test("Promise 27: without a TLS server that can be trusted nothing leaves, and each reason has its code")
  func promise27() async throws { try await holds(27) }

  @Test("Promise 28: a hostile web server is classified, in bounded memory")
  func promise28() async throws { try await holds(28) }

  @Test("Promise 29: a webhook reaches no loopback, metadata service or private range, by no spelling and no name")
  func promise29() async throws { try await holds(29) }

  @Test("Promise 30: CR, LF, NUL and a lone dot are refused or encoded, as the wire proves")
  func promise30() async throws { try await holds(30) }

  @Test("Promise 31: names and addresses of all scripts are encoded or refused, one row at a time")
  func promise31() async throws { try await holds(31) }

  @Test("Promise 32: a text that cannot be said is refused at load or becomes a task")
  func promise32() async throws { try await holds(32) }

  @Test("Promise 38: SIGTERM in DATA, twice, finishes or leaves in doubt")
  func promise38() async throws { try await holds(38) }

  @Test("Promise 46: after the answer to STOP, death or cancel not one more leaves")
  func promise46() async throws { try await holds(46) }

  @Test("Promise 48: a bundle that lost a part is a new message, and after doubt a task")
  func promise48() async throws { try await holds(48) }

  /// Runs one promise's fault and expects its line. All of them are asked for at once, the first time: most only wait.
  private func holds(_ promise: Int) async throws {
    let lines = try await FaultRun.shared.value
    let line = lines.first { $0.hasPrefix("promise \(promise) ") }
    #expect(line?.contains(" ok  ") == true, "\(line ?? "no line"):\n\(lines.joined(separator: "\n"))")
  }
}

/// One run of the suite for all of its tests.
private enum FaultRun {
  static let shared = Task {
    // Run by one user as by another: root's rights are asked for by the script.
    let finished = try await run(
      Repository.path("scripts/faults"), ["--jobs", "4", "--programs", ProgramUnderTest.releaseFolder],
      within: .seconds(600))
    return finished.standardOutput.split(separator: "\n").map(String.init)
      + [finished.standardError].filter { !$0.isEmpty }
  }
}
