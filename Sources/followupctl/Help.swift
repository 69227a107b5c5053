internal import ArgumentParser

/// The help of a command, which opens with real examples; and of topics that stand beside the verbs.
enum Help {
  static func text(of command: any ParsableCommand.Type) -> String {
    let examples = (command as? any Verb.Type)?.examples ?? (command as? any Noun.Type)?.examples ?? []
    let shown = examples.map { "  " + $0 + "\n" }.joined()
    let columns = 100
    let help = FollowUpCtl.helpMessage(for: command, columns: columns)
    return (shown.isEmpty ? "" : "EXAMPLES:\n\(shown)\n") + help + (help.hasSuffix("\n") ? "" : "\n")
  }

  /// `help`, `help patient add`, `help when`.
  static func text(for words: [String]) throws(CommandError) -> String {
    let words = words.filter { !$0.hasPrefix("-") }
    if words.count == 1, let topic = topics[words[0].lowercased()] { return topic }
    let command = try command(words)
    return text(of: command)
  }

  private static func command(_ words: [String]) throws(CommandError) -> any ParsableCommand.Type {
    var command: any ParsableCommand.Type = FollowUpCtl.self
    for (place, word) in words.enumerated() {
      let known = command.configuration.subcommands
      let names = known.compactMap { $0.configuration.commandName }
      guard let index = names.firstIndex(of: word) else {
        let near = Nearest.word(to: word, in: place == 0 ? names + topics.keys.sorted() : names)
        throw .usage(
          "help " + words.joined(separator: " "), "there is no such verb or topic",
          near.map { "did you mean \($0)?" } ?? "followupctl help lists the verbs; topics are \(topicNames)")
      }
      command = known[index]
    }
    return command
  }

  private static var topicNames: String { topics.keys.sorted().joined(separator: ", ") }

  private static let topics: [String: String] = [
    "when": """
    WHEN is a day and a time, in the clinic's zone unless --zone names another:
      2026-12-01 14:30    2026-12-01T14:30    1 dec 14:30
      tue 2:30pm          the next Tuesday after today
      tomorrow 9:30       +3d 14:00           +2w
    Without a time it is the plan's default time. What was understood is always said.

    """,
    "who": """
    WHO is a patient: the ref, a part of the name, a phone number or an e-mail address.
    If several answer to it, a terminal offers a choice; else it is an error (exit 65).

    """,
    "id": """
    ID is a follow-up: F-12, or 12; one date of a series: F-12@2026-12-01; or SOURCE:EXTERNALID.
    Where several are allowed, - reads them from standard input.

    """,
    "repeat": """
    RRULE says on which dates a follow-up repeats, as RFC 5545 has it; quote it, for ; ends a command of the shell:
      "FREQ=WEEKLY"                           each week on the weekday of WHEN
      "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH"    every 2 weeks on Monday and Thursday
      "FREQ=MONTHLY"                          on the day of WHEN; on the month's last where there is none
      "FREQ=MONTHLY;BYDAY=-1FR;COUNT=12"      on the last Friday of the month, 12 times
      "FREQ=YEARLY;UNTIL=20301231"            each year, until that day inclusive
    WHEN must be one of the dates. What was understood is always said. edit ID --repeat none ends it.

    """,
    "exit-codes": """
    0 done, or nothing to change    1 partly, or a check found faults    64 usage
    65 bad or ambiguous data        66 no such thing                     69 no daemon
    70 internal                     73 cannot write                      75 later
    77 not permitted                78 configuration                     79 conflict
    status --check: 0 ok, 1 degraded, 2 failing or no daemon, 3 unknown.

    """,
  ]
}
