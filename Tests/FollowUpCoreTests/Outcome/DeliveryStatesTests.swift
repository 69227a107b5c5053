import FollowUpCore
import Support
import Testing

/// The article on delivery states draws and tabulates the three machines: both are held to the code, pair by pair.
@Suite struct DeliveryStatesTests {
  /// What the article says of one machine: (state, event) → state, as raw words; nil for `-`.
  struct Machine {
    var cells: [String: String?] = [:]
    var edges: [String: String] = [:]

    static func pair(_ state: String, _ event: String) -> String { "\(state) + \(event)" }
  }

  static let article = (try? Repository.read("Sources/FollowUpCore/FollowUpCore.docc/DeliveryStates.md")) ?? ""

  /// The tables whose first heading is `name`, and the drawing of the section of that name.
  static func machine(_ name: String) -> Machine {
    var machine = Machine()
    var columns: [String] = []
    for line in article.split(separator: "\n", omittingEmptySubsequences: false) {
      let cells = line.split(separator: "|").map {
        $0.trimmingPrefix(while: \.isWhitespace).split(separator: " ").joined()
      }
      guard line.hasPrefix("|"), let first = cells.first else {
        columns = []
        continue
      }
      if columns.isEmpty {
        columns = first == name ? Array(cells.dropFirst()) : ["-"]
      } else if columns != ["-"], first != "---" {
        for (event, next) in zip(columns, cells.dropFirst()) {
          machine.cells[Machine.pair(first, event)] = .some(next == "-" ? nil : next)
        }
      }
    }
    machine.edges = drawing(name)
    return machine
  }

  private static func drawing(_ name: String) -> [String: String] {
    var edges: [String: String] = [:]
    var (isInSection, isDrawing) = (false, false)
    var groups: [String: [String]] = [:]
    var group: String?
    for line in article.split(separator: "\n") {
      let text = line.split(separator: " ").joined(separator: " ")
      if text.hasPrefix("## ") { isInSection = text.lowercased() == "## \(name)" }
      if text.hasPrefix("```") { isDrawing = isInSection && text == "```mermaid" }
      guard isDrawing else { continue }
      if text.hasPrefix("state "), text.hasSuffix(" {") {
        group = text.split(separator: " ").dropFirst().first.map(String.init)
      } else if text == "}" {
        group = nil
      } else if let group {
        groups[group, default: []].append(text)
      } else if let arrow = text.firstRange(of: " --> "), let colon = text.firstRange(of: ": ") {
        let from = String(text[..<arrow.lowerBound])
        let next = String(text[arrow.upperBound..<colon.lowerBound])
        for event in text[colon.upperBound...].split(separator: ", ") {
          for state in groups[from] ?? [from] { edges[Machine.pair(state, String(event))] = next }
        }
      }
    }
    return edges
  }

  @Test("States: the article's table and drawing of the message are the code, for every state and event")
  func message() {
    let machine = Self.machine("message")
    var seen: Set<String> = []
    for state in MessageState.allCases {
      for event in MessageEvent.allCases {
        let pair = Machine.pair(state.rawValue, "\(event)")
        let next = state.next(event)?.rawValue
        seen.insert(pair)
        #expect(machine.cells[pair] == .some(next), "\(pair) → \(next ?? "-") in the table")
        #expect(machine.edges[pair] == next, "\(pair) → \(next ?? "no arrow") in the drawing")
      }
    }
    #expect(Set(machine.cells.keys).union(machine.edges.keys) == seen)
  }

  @Test("States: the article's tables and drawing of the reminder are the code, for every state and event")
  func reminder() {
    let machine = Self.machine("reminder")
    var seen: Set<String> = []
    for state in ReminderState.allCases {
      for event in ReminderEvent.allCases {
        let pair = Machine.pair(state.rawValue, "\(event)")
        let next = state.next(event)?.rawValue
        seen.insert(pair)
        #expect(machine.cells[pair] == .some(next), "\(pair) → \(next ?? "-") in the tables")
        #expect(machine.edges[pair] == next, "\(pair) → \(next ?? "no arrow") in the drawing")
      }
    }
    #expect(Set(machine.cells.keys).union(machine.edges.keys) == seen)
  }

  @Test("States: the article's table of the attempt is the code, for every state and outcome")
  func attempt() {
    let fault = Fault(code: "x")
    let outcomes: [Outcome] = [
      .delivered(code: "250", gatewayID: nil), .retry(after: nil, fault), .rejected(fault), .misconfigured(fault),
      .uncertain(fault), .withdrawn,
    ]
    let machine = Self.machine("attempt")
    for state in AttemptState.allCases {
      for outcome in outcomes {
        let pair = Machine.pair(state.rawValue, outcome.word)
        let next = state.next(outcome)?.rawValue
        #expect(machine.cells[pair] == .some(next), "\(pair) → \(next ?? "-") in the table")
      }
    }
    #expect(machine.cells.count == AttemptState.allCases.count * outcomes.count)
  }
}
