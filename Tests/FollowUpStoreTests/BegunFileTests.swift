import Foundation
import Support
import Testing

@testable import FollowUpStore

/// What has begun survives `kill -9`, and what cannot be known is doubt (`delivery.md`, Doubt).
@Suite struct BegunFileTests {
  private static let boot = "7b1c6f0e-6f0b-4a5e-9a77-0c3c3d7d2f11"
  private let folder: TemporaryDirectory
  private var path: String { folder.path("begun") }

  init() throws { folder = try TemporaryDirectory() }

  private func file(_ boot: String = boot) throws -> BegunFile { try BegunFile(path: path, bootID: boot) }

  @Test("Marks survive the process in the same boot; what was cleared is gone")
  func marks() throws {
    let first = try file()
    first.startAnew()
    let slots = [Int64(1), 2, 3, .max].map { first.mark($0) }
    first.clear(try #require(slots[1]))
    // Nobody closes it: it is read as `kill -9` leaves it.
    #expect(try file().found == .begun([1, 3, .max], delivered: []))
  }

  @Test("What was delivered is told from what had begun, until its outcome is committed")
  func delivered() throws {
    let first = try file()
    first.startAnew()
    let slots = try [Int64(1), 2, 3].map { try #require(first.mark($0)) }
    first.markDelivered(2, in: slots[1])
    first.markDelivered(3, in: slots[2])
    first.clear(slots[2])
    #expect(try file().found == .begun([1], delivered: [2]))
  }

  @Test("Reading forgets nothing: only a new start does")
  func startAnew() throws {
    let first = try file()
    first.startAnew()
    #expect(first.mark(7) != nil)
    let second = try file()
    #expect(second.found == .begun([7], delivered: []))
    #expect(try file().found == .begun([7], delivered: []))
    second.startAnew()
    #expect(try file().found == .begun([], delivered: []))
  }

  @Test("Nothing can be marked before what the run before left is settled")
  func nothingBefore() throws {
    let first = try file()
    #expect(first.mark(1) == nil)
    first.startAnew()
    #expect(first.mark(1) != nil)
    #expect(try file().mark(2) == nil)
  }

  @Test(
    "Another boot, a missing file and a damaged one are doubt",
    arguments: [
      "another boot", "longer boot", "shorter boot", "missing", "empty", "cut", "grown", "magic", "boot",
    ])
  func unknown(how: String) throws {
    let first = try file()
    first.startAnew()
    #expect(first.mark(7) != nil)
    var bytes = try Data(contentsOf: URL(filePath: path))
    var boot = Self.boot
    switch how {
    case "another boot": boot = String(Self.boot.reversed())
    case "longer boot": boot += "1"
    case "shorter boot": boot.removeLast()
    case "missing": bytes = Data()
    case "empty": bytes = Data()
    case "cut": bytes.removeLast()
    case "grown": bytes.append(0)
    case "magic": bytes[3] ^= 1
    default: bytes[20] ^= 1
    }
    try bytes.write(to: URL(filePath: path))
    if how == "missing" { try FileManager.default.removeItem(atPath: path) }
    #expect(try file(boot).found == .unknown)
  }

  @Test("A slot that was half written names both attempts that it may mean")
  func halfWritten() throws {
    let first = try file()
    first.startAnew()
    #expect(first.mark(5) != nil)
    var bytes = try Data(contentsOf: URL(filePath: path))
    let slot = try #require(bytes.dropFirst(64).firstIndex { $0 != 0 })
    bytes[slot] = 9
    try bytes.write(to: URL(filePath: path))
    #expect(try file().found == .begun([5, 9], delivered: []))
  }

  @Test("Without room nothing more begins, and a cleared place is used again")
  func full() throws {
    let file = try file()
    file.startAnew()
    var slots: [Int] = []
    while let slot = file.mark(Int64(slots.count + 1)) { slots.append(slot) }
    #expect(slots.count == 4096)
    file.clear(slots[16])
    #expect(file.mark(5000) == slots[16])
    #expect(file.mark(5001) == nil)
  }
}
