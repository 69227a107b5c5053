internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpStore

extension Desk {
  /// Walks the way of a message to an address of the administrator's own, in trial as well. No patient is written to.
  func testChannel(_ request: TestChannel.Request) throws -> TestChannel.Reply {
    let name = try served(request.name)
    let address = try self.address(request.address, channel: name).normalised
    let isRehearsed = request.dryRun == true
    try read { transaction in
      let known = Set([address] + possibleAddresses(request.address))
      guard try !transaction.isAnyContact(known) else {
        throw ControlError(
          .conflict, what: verb, why: "that address is a patient's, and a test writes to no patient",
          hint: "name an address of your own", field: "address")
      }
      guard try known.allSatisfy({ try transaction.stops(channel: name, normalised: $0).isEmpty }) else {
        throw ControlError(
          .conflict, what: verb, why: "that address is to get no more messages", hint: "name an address of your own",
          field: "address")
      }
    }
    if !isRehearsed { try context.store.write { try record($0, "C:\(name)", ["test"]) } }
    let stages = try service.test(channel: name, address: address, sends: !isRehearsed)
    let passed = stages.allSatisfy(\.passed)
    return TestChannel.Reply(
      channel: name, adapter: settings.channels[name]?.adapter.kind ?? "", passed: passed,
      stages: stages.map { view($0, channel: name) }, said: said(stages, channel: name, isSent: !isRehearsed))
  }

  private func view(_ stage: TestStage, channel: String) -> StageView {
    let words = stage.passed ? nil : Self.words(stage, channel: channel)
    return StageView(
      name: stage.name.rawValue, passed: stage.passed, milliseconds: Int((stage.seconds * 1000).rounded()),
      code: stage.code, why: words?.why, action: words?.action)
  }

  /// What is refused after the login is this one address, unless the code says otherwise.
  private static func words(_ stage: TestStage, channel: String) -> (why: String, action: String) {
    let code = stage.code ?? "unknown"
    if stage.name == .accepted, code.hasPrefix("4") || code.hasPrefix("5") || code.hasPrefix("http-4") {
      let words = FaultWords(code: code, channel: channel)
      if code.hasPrefix("http-"), words.isOurs || code == "http-429" { return (words.why, words.remedy) }
      return (
        "the server took the connection and refused the test message",
        "see whether the address is right, and the server's log for \(code)"
      )
    }
    let words = FaultWords(code: code, channel: channel)
    return (words.why, words.remedy)
  }

  private func said(_ stages: [TestStage], channel: String, isSent: Bool) -> String {
    if let failed = stages.first(where: { !$0.passed }) {
      let words = Self.words(failed, channel: channel)
      return "\(channel): \(failed.name.rawValue) failed: \(words.why): \(words.action)"
    }
    return isSent ? "\(channel): the test message was accepted" : "\(channel): it can be used; nothing was sent"
  }
}
