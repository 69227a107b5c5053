extension Daemon {
  /// Adds a patient `ref` with the address `REF@example.org` on channel e-mail, or with what `contacts` says.
  @discardableResult
  package func addPatient(_ ref: String, contacts: [String]? = nil) async throws -> JSON {
    let answer = try await ctl.attempt(
      ["patient", "add", ref, "--name", "Patient \(ref)"] + (contacts ?? ["--email", "\(ref)@example.org"]))
    guard answer.code == 0 else { throw HarnessError("patient add \(ref): \(answer.finished)") }
    return try answer.document
  }

  /// Adds a follow-up and returns its id, `F-1`.
  @discardableResult
  package func addVisit(_ ref: String, at when: String = Visit.inAnHour, plan: String = "now") async throws -> String {
    let made = try await ctl("add", ref, "--due", when, "--plan", plan)
    guard let id = made["id"].string else { throw HarnessError("add printed no id: \(made)") }
    return id
  }

  /// The reminders of a follow-up.
  package func reminders(of id: String) async throws -> [JSON] {
    try await ctl("show", id)["reminders"].array
  }

  /// Waits until each reminder of a follow-up has one of these states.
  package func wait(for id: String, states: Set<String>, within limit: Duration = .seconds(30)) async throws {
    try await eventually("the reminders of \(id) are \(states)", within: limit, seen: { self.log }) {
      let all = try await reminders(of: id)
      return !all.isEmpty && all.allSatisfy { states.contains($0["state"].string ?? "") }
    }
  }
}
