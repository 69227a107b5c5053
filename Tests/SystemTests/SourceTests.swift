import Foundation
import Support
import Testing

/// What `architecture.md` says of the sources, held by reading them.
@Suite struct SourceTests {
  /// Each outside module and the targets that may import it.
  static let homes: [String: Set<String>] = [
    "GRDB": ["FollowUpStore"],
    "GRDBSQLite": ["FollowUpStore"],
    "CCurl": ["FollowUpDelivery"],
    "CSystemd": ["FollowUpSystem"],
    "Crypto": ["FollowUpDigest"],
    "NIOCore": ["FollowUpControl"],
    "NIOPosix": ["FollowUpControl"],
    "TOMLKit": ["FollowUpService"],
    "ServiceLifecycle": ["FollowUpService"],
    "UnixSignals": ["FollowUpService"],
    "Logging": ["FollowUpSystem", "FollowUpService"],
    "ArgumentParser": ["followupd", "followupctl"],
  ]
  /// What comes with the toolchain and is no dependency.
  static let toolchain: Set<String> = [
    "Foundation", "FoundationEssentials", "Glibc", "Synchronization", "Swift", "Dispatch",
  ]

  @Test("Each outside dependency is imported by its own target alone")
  func homesOfDependencies() throws {
    for file in try Self.sources() {
      let target = String(file.split(separator: "/")[1])
      for module in try Self.imports(of: file) {
        if let homes = Self.homes[module] {
          #expect(homes.contains(target), "\(file) imports \(module)")
        } else {
          #expect(Self.toolchain.contains(module) || module.hasPrefix("FollowUp"), "\(file) imports \(module)")
        }
      }
    }
  }

  @Test("What decides imports nothing but Foundation, and no target imports one above it")
  func layers() throws {
    let mayImport: [String: Set<String>] = [
      "FollowUpCore": [],
      "FollowUpDigest": [],
      "FollowUpSystem": ["FollowUpCore"],
      "FollowUpStore": ["FollowUpCore", "FollowUpDigest"],
      "FollowUpDelivery": ["FollowUpCore", "FollowUpDigest"],
      "FollowUpControl": ["FollowUpSystem"],
      "FollowUpService": [
        "FollowUpCore", "FollowUpDigest", "FollowUpSystem", "FollowUpStore", "FollowUpDelivery", "FollowUpControl",
      ],
      "followupd": ["FollowUpService"],
      "followupctl": ["FollowUpControl"],
    ]
    for file in try Self.sources() {
      let target = String(file.split(separator: "/")[1])
      let allowed = try #require(mayImport[target], "a target without a rule: \(target)")
      let ours = try Self.imports(of: file).filter { $0.hasPrefix("FollowUp") }
      #expect(allowed.isSuperset(of: ours), "\(file) imports \(ours)")
    }
  }

  @Test("The wall clock is read, and a timer of it armed, in the clock port alone")
  func clock() throws {
    let reads = [
      #"\bDate\(\)"#, #"\bDate\.now\b"#, #"timeIntervalSinceNow"#, #"\btime\((nil|NULL|&)"#, #"\bgettimeofday\("#,
      #"\bCLOCK_REALTIME"#, #"\bDispatchWallTime\b"#, #"\bwallDeadline\b"#, #"\btimerfd_"#,
      #"\bTimeZone\.(current|autoupdatingCurrent)"#, #"\bLocale\.(current|autoupdatingCurrent)"#,
      #"\bCalendar\.(current|autoupdatingCurrent)"#,
    ]
    var hits = 0
    for (file, line) in try Self.lines(matching: reads) {
      hits += 1
      #expect(file.hasPrefix("Sources/FollowUpSystem/Clock/"), "\(file): \(line)")
    }
    #expect(hits > 0, "the clock port itself reads it: else this test looks for the wrong words")
  }

  @Test("No source defeats the checks of the compiler")
  func noEscapes() throws {
    let escapes = [#"@unchecked Sendable"#, #"nonisolated\(unsafe\)"#, #"\btry!"#, #"\bas!"#, #"\bfatalError\("#]
    for (file, line) in try Self.lines(matching: escapes) { Issue.record("\(file): \(line)") }
  }

  @Test("A unit of an instance differs from the plain one only in its names")
  func instanceUnits() throws {
    for kind in ["service", "socket"] {
      let plain = try Repository.read("systemd/followupd.\(kind)").components(separatedBy: "\n")
      let instance = try Repository.read("systemd/followupd@.\(kind)")
        .replacing("@%i", with: "").replacing("-%i", with: "").replacing("-INSTANCE", with: "")
        .replacing(" of instance %i", with: "").replacing("Environment=FOLLOWUPD_INSTANCE=%i\n", with: "")
        .components(separatedBy: "\n")
      #expect(plain == instance)
    }
  }

  /// Every Swift source of ours. A test that finds none would hold nothing.
  private static func sources() throws -> [String] {
    let files = Repository.files(below: "Sources", suffix: ".swift")
    guard files.count > 50 else { throw HarnessError("only \(files.count) sources found") }
    return files
  }

  /// The lines of our sources, comments aside, in which one of the patterns occurs.
  private static func lines(matching patterns: [String]) throws -> [(file: String, line: String)] {
    let pattern = patterns.joined(separator: "|")
    return try sources().flatMap { file -> [(file: String, line: String)] in
      let text = try Repository.read(file)
      guard text.range(of: pattern, options: .regularExpression) != nil else { return [] }
      return text.components(separatedBy: "\n")
        .filter { !$0.drop(while: { $0 == " " }).hasPrefix("//") }
        .filter { $0.range(of: pattern, options: .regularExpression) != nil }
        .map { (file, $0) }
    }
  }

  private static func imports(of file: String) throws -> [String] {
    try Repository.read(file).components(separatedBy: "\n").compactMap { line in
      let words = line.split(separator: " ")
      guard let index = words.firstIndex(of: "import"), index < 3, !line.hasPrefix("//"), words.count > index + 1 else {
        return nil
      }
      let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
      let name = kinds.contains(words[index + 1]) && words.count > index + 2 ? words[index + 2] : words[index + 1]
      return name.split(separator: ".").first.map(String.init)
    }
  }
}
