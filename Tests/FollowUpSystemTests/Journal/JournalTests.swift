import FollowUpSystem
import Foundation
import Glibc
import Logging
import Testing

@Suite struct JournalTests {
  func journal(_ socket: JournaldSocket, level: Logger.Level = .info) -> Journal {
    var logger = Logger(label: "test") { _ in JournaldLogHandler(socket: socket) }
    logger.logLevel = level
    return Journal(logger: logger)
  }

  @Test("An event goes to journald with its identifier, priority and fields")
  func fields() {
    let daemon = DatagramSocket()
    let journal = journal(JournaldSocket(path: daemon.path))
    journal.log(.messageRejected, [.message: "M-7", .channel: "email", .reason: "5.1.1", .attempt: "1"])
    let lines = daemon.text().split(separator: "\n").map(String.init)
    #expect(
      Set(lines) == [
        "MESSAGE=message M-7 is rejected by email: 5.1.1", "PRIORITY=4", "SYSLOG_IDENTIFIER=followupd",
        "MESSAGE_ID=\(Event.messageRejected.id)", "MESSAGE_REF=M-7", "CHANNEL=email", "REASON=5.1.1", "ATTEMPT=1",
      ])
  }

  @Test(
    "Levels become the priorities of syslog",
    arguments: [(Event.channelHeld, "3"), (.started, "5"), (.messageSent, "6")])
  func priorities(event: Event, priority: String) {
    let daemon = DatagramSocket()
    journal(JournaldSocket(path: daemon.path)).log(event)
    #expect(daemon.text().contains("\nPRIORITY=\(priority)\n"))
  }

  @Test("A name given as an identifier shows nowhere in the entry")
  func noNames() {
    let daemon = DatagramSocket()
    journal(JournaldSocket(path: daemon.path)).log(.messageSent, [.message: "Ana Silva", .channel: "Ana Silva"])
    let entry = daemon.text()
    #expect(!entry.contains("Ana"))
    #expect(entry.contains("message <redacted> is sent by <redacted>"))
  }

  @Test("Metadata of a library's own do not reach the journal")
  func foreignMetadata() {
    let daemon = DatagramSocket()
    let logger = journal(JournaldSocket(path: daemon.path)).logger
    logger.error("failed", metadata: ["error": "Ana Silva", "REASON": "io-error"])
    let entry = daemon.text()
    #expect(!entry.contains("Ana"))
    #expect(entry.contains("REASON=io-error"))
  }

  @Test("A text of several lines is sent with its length, so that it cannot add fields")
  func lineBreaks() {
    let daemon = DatagramSocket()
    let detail = OperatorText(configuration: "followupd.toml:3: mode\nPRIORITY=0")
    journal(JournaldSocket(path: daemon.path)).log(.configRefused, [.count: "1"], detail: detail)
    let text = "the configuration is refused, faults: 1: followupd.toml:3: mode\nPRIORITY=0"
    var expected = Array("MESSAGE\n".utf8)
    withUnsafeBytes(of: UInt64(text.utf8.count).littleEndian) { expected += Array($0) }
    expected += Array("\(text)\nPRIORITY=4\n".utf8)
    #expect(daemon.receive().starts(with: expected))
  }

  @Test("What is below the level is not sent")
  func levels() {
    let daemon = DatagramSocket()
    let journal = journal(JournaldSocket(path: daemon.path), level: .warning)
    journal.log(.messageSent)
    journal.debug("looked at the next row")
    journal.log(.diskLow)
    #expect(daemon.text().contains(Event.diskLow.id))
    #expect(daemon.text(waiting: false).isEmpty)
  }

  @Test("Promise 41: a stopped journald blocks nothing; what is lost is counted and told once it reads again")
  func stopped() {
    let daemon = DatagramSocket()
    let socket = JournaldSocket(path: daemon.path)
    let journal = journal(socket)
    for number in 1...5000 { journal.log(.messageSent, [.message: "M-\(number)", .channel: "sms"]) }
    let lost = socket.dropped
    #expect(lost > 0)
    var taken = 0
    while !daemon.receive(waiting: false).isEmpty { taken += 1 }
    #expect(taken + lost == 5000)
    journal.log(.messageSent, [.message: "M-5001"])
    #expect(daemon.text().contains("MESSAGE_REF=M-5001"))
    #expect(daemon.text().contains("MESSAGE=lines of the journal are lost: \(lost)"))
    #expect(socket.dropped == 0)
  }

  @Test("Promise 41: a journald that is not there yet, and one that was started anew, are reached when they come")
  func restarted() throws {
    var daemon: DatagramSocket? = DatagramSocket()
    let path = try #require(daemon?.path)
    let socket = JournaldSocket(path: path)
    let journal = journal(socket)
    journal.log(.started)
    #expect(try #require(daemon).text().contains(Event.started.id))
    daemon = nil
    journal.log(.stopped)
    #expect(socket.dropped == 1)
    let again = DatagramSocket(path: path)
    journal.log(.started)
    #expect(again.text().contains(Event.started.id))
    #expect(again.text().contains("MESSAGE=lines of the journal are lost: 1"))
  }

  @Test(
    "journald is chosen only where JOURNAL_STREAM names standard error's own file",
    arguments: [("8:42", true), ("8:43", false), ("9:42", false), ("8:42:1", false), ("", false), ("8", false)])
  func stream(text: String, mine: Bool) {
    #expect(JournaldSocket.isJournal(stream: text, device: 8, inode: 42) == mine)
  }
}

@Suite struct TerminalLogHandlerTests {
  func lines(_ act: (Journal) -> Void) throws -> String {
    let pipe = Pipe()
    var logger = Logger(label: "test") { _ in
      TerminalLogHandler(descriptor: pipe.fileHandleForWriting.fileDescriptor)
    }
    logger.logLevel = .debug
    act(Journal(logger: logger))
    try pipe.fileHandleForWriting.close()
    return String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
  }

  @Test("A line says level, what happened, and the fields")
  func line() throws {
    let text = try lines { $0.log(.messageRetry, [.message: "M-7", .channel: "email", .reason: "451"]) }
    #expect(
      text == "info: message M-7 waits for another try by email: 451  MESSAGE_REF=M-7  CHANNEL=email  REASON=451\n")
  }

  @Test("A text of several lines, or with control characters, stays one line")
  func oneLine() throws {
    let text = try lines { $0.log(.configRefused, [.count: "1"], detail: OperatorText(configuration: "a\nb\u{1B}[2J")) }
    #expect(text == "warning: the configuration is refused, faults: 1: a b [2J  COUNT=1\n")
  }

  @Test("Promise 41: a pipe that nobody reads blocks nothing")
  func fullPipe() throws {
    let text = try lines { journal in
      for number in 1...5000 { journal.log(.messageSent, [.message: "M-\(number)", .channel: "sms"]) }
    }
    #expect(text.contains("MESSAGE_REF=M-1 "))
    #expect(!text.contains("MESSAGE_REF=M-5000 "))
  }
}
