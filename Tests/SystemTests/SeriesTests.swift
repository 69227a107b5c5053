import Support
import Testing

/// Follow-ups that repeat, as staff work with them.
@Suite struct SeriesTests {
  @Test("R5: a series is added, shown, edited and ended by the command line")
  func series() async throws {
    try await withDaemon { daemon in
      try await daemon.addPatient("p1")
      let day = try #require(Visit.minutesAhead(20 * 1440).split(separator: "T").first.map(String.init))
      let added = try await daemon.ctl.attempt([
        "add", "p1", day, "10:00", "--plan", "now", "--repeat", "FREQ=WEEKLY;COUNT=4",
      ])
      #expect(added.code == 0, "\(added.finished)")
      let made = try added.document
      #expect(made["repeat"].string == "FREQ=WEEKLY;COUNT=4")
      #expect(made["said"].string?.contains(", 4 times; next: ") == true, "\(made["said"])")
      let id = try #require(made["id"].string)
      let dates = made["occurrences"].array.compactMap { $0["id"].string }
      #expect(dates.first == "\(id)@\(day)")
      #expect(dates.count == 4)

      let refused = try await daemon.ctl.attempt(["add", "p1", day, "11:00", "--repeat", "FREQ=YEARLY;BYYEARDAY=5"])
      #expect(refused.code == 65)
      #expect(refused.finished.standardError.contains("BYYEARDAY"))

      let one = try await daemon.ctl("show", dates[1])
      #expect(one["occurrences"].array.map { $0["id"].string } == [dates[1]])
      #expect(try await daemon.ctl("confirm", dates[1])["changed"].bool == true)

      let dry = try await daemon.ctl("edit", id, "--repeat", "FREQ=WEEKLY;INTERVAL=2;COUNT=3", "-n")
      #expect(dry["changed"].bool == false)
      // One date goes, one comes, and the others stay.
      #expect(dry["preview"]["count"].int == 2, "\(dry["preview"])")
      #expect(try await daemon.ctl("show", id)["repeat"].string == "FREQ=WEEKLY;COUNT=4")
      // Nobody is there to agree; but it is one follow-up, and another edit takes it back.
      let edited = try await daemon.ctl("edit", id, "--repeat", "FREQ=WEEKLY;INTERVAL=2;COUNT=3")
      #expect(edited["changed"].bool == true)
      #expect(edited["preview"]["count"].int == nil)
      let statuses = edited["occurrences"].array.compactMap { $0["status"].string }
      #expect(statuses.prefix(4) == ["open", "confirmed", "open", "cancelled"])
      #expect(try await daemon.ctl("edit", id, "--priority", "routine", "--note", "")["changed"].bool == false)
      #expect(try await daemon.ctl("edit", id, "--priority", "urgent")["priority"].string == "urgent")

      let dated = try await daemon.ctl.attempt(["edit", dates[0], "--repeat", "FREQ=WEEKLY"])
      #expect(dated.code == 64)
      #expect(dated.failure["hint"].string == "name the follow-up without a date: \(id)", "\(dated.finished)")

      // What ends a series is agreed to.
      #expect(try await daemon.ctl.attempt(["cancel", dates[2], "--following"]).code == 64)
      let ended = try await daemon.ctl("cancel", dates[2], "--following", "--yes")
      #expect(ended["status"].string == "active")
      let after = try await daemon.ctl("show", id)["occurrences"].array.compactMap { $0["status"].string }
      #expect(after.prefix(3) == ["open", "confirmed", "cancelled"])
      #expect(!after.dropFirst(2).contains("open"))
      #expect(try await daemon.ctl("cancel", id, "--series", "--yes")["status"].string == "ended")
      #expect(try await daemon.ctl("upcoming")["items"].array.isEmpty)
    }
  }

  @Test("What repeats is said in words on the screen")
  func words() async throws {
    try await withDaemon { daemon in
      try await daemon.addPatient("p1")
      let day = try #require(Visit.minutesAhead(20 * 1440).split(separator: "T").first.map(String.init))
      try await daemon.ctl("add", "p1", day, "10:00", "--repeat", "FREQ=DAILY;INTERVAL=3;COUNT=5")
      for shown in [
        try await daemon.ctl.text("show", "F-1"), try await daemon.ctl.text("list"),
        try await daemon.ctl.text("show", "F-1", "--plain"),
      ] { #expect(shown.contains("every 3 days, 5 times"), "\(shown)") }
    }
  }
}
