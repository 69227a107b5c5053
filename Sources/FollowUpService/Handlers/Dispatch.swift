package import FollowUpControl
internal import FollowUpCore
internal import FollowUpStore
package import FollowUpSystem

/// Answers the calls of the control socket: looks the method up, checks the caller's right, decodes, calls, encodes.
package struct Dispatch: ControlHandler {
  private let context: Context
  private let service: any ServicePort
  private let identities: Identities

  package init(context: Context, service: any ServicePort, identities: Identities) {
    self.context = context
    self.service = service
    self.identities = identities
  }

  /// Every method: one line each. The right that it needs stands in its type.
  static let routes: [String: Route] = [
    Route(Ping.self) { desk, request in desk.ping(request) },
    Route(GetStatus.self) { try $0.status($1) },
    Route(WhoAmI.self) { $0.whoAmI($1) },
    Route(Reload.self) { try $0.reload($1) },
    Route(CheckConfiguration.self) { try $0.checkConfiguration($1) },
    Route(DiffConfiguration.self) { try $0.diffConfiguration($1) },
    Route(AddPatient.self) { try $0.addPatient($1) },
    Route(ListPatients.self) { try $0.listPatients($1) },
    Route(ShowPatient.self) { try $0.showPatient($1) },
    Route(EditPatient.self) { try $0.editPatient($1) },
    Route(InactivatePatient.self) { try $0.inactivate($1) },
    Route(ActivatePatient.self) { try $0.activate($1) },
    Route(MarkDeceased.self) { try $0.markDeceased($1) },
    Route(ListContacts.self) { try $0.listContacts($1) },
    Route(AddContact.self) { try $0.addContact($1) },
    Route(EditContact.self) { try $0.editContact($1) },
    Route(RemoveContact.self) { try $0.removeContact($1) },
    Route(SetConsent.self) { try $0.setConsent($1) },
    Route(MarkAddressWrong.self) { try $0.markWrong($1) },
    Route(MarkContactOk.self) { try $0.markOk($1) },
    Route(Stop.self) { try $0.stop($1) },
    Route(AddFollowUp.self) { try $0.addFollowUp($1) },
    Route(ListFollowUps.self) { try $0.listFollowUps($1) },
    Route(Show.self) { try $0.show($1) },
    Route(Explain.self) { try $0.explain($1) },
    Route(ListUpcoming.self) { try $0.listUpcoming($1) },
    Route(RecordAnswer.self) { try $0.recordAnswer($1) },
    Route(CompleteFollowUps.self) { try $0.complete($1) },
    Route(MissFollowUps.self) { try $0.miss($1) },
    Route(CancelFollowUps.self) { try $0.cancel($1) },
    Route(MoveFollowUp.self) { try $0.move($1) },
    Route(EditFollowUp.self) { try $0.editFollowUp($1) },
    Route(ListHolds.self) { try $0.listHolds($1) },
    Route(AddHold.self) { try $0.addHold($1) },
    Route(ReleaseHolds.self) { try $0.releaseHolds($1) },
    Route(ListMessages.self) { try $0.listMessages($1) },
    Route(ShowMessage.self) { try $0.showMessage($1) },
    Route(RetryMessages.self) { try $0.retryMessages($1) },
    Route(DropMessages.self) { try $0.dropMessages($1) },
    Route(FlushMessages.self) { try $0.flushMessages($1) },
    Route(ListChannels.self) { try $0.listChannels($1) },
    Route(ShowChannel.self) { try $0.showChannel($1) },
    Route(PauseChannel.self) { try $0.pauseChannel($1) },
    Route(ResumeChannel.self) { try $0.resumeChannel($1) },
    Route(TestChannel.self) { try $0.testChannel($1) },
    Route(RecordReceipt.self) { try $0.recordReceipt($1) },
    Route(ListPlans.self) { try $0.listPlans($1) },
    Route(ShowPlan.self) { try $0.showPlan($1) },
    Route(CheckPlans.self) { try $0.checkPlans($1) },
    Route(ListTemplates.self) { $0.listTemplates($1) },
    Route(CheckTemplates.self) { try $0.checkTemplates($1) },
    Route(PreviewTemplate.self) { try $0.previewTemplate($1) },
    Route(PreviewMessage.self) { try $0.previewMessage($1) },
  ].reduce(into: [:]) { $0[$1.name] = $1 }

  package func handle(_ call: VarlinkCall, from peer: Peer, reply: ReplyStream) {
    switch answer(call, from: peer) {
    case .success(let parameters): reply.send(parameters)
    case .failure(let error): reply.fail(error)
    }
  }

  /// The reply's parameters, or the error. Never throws past the caller, never tells a patient's data to the journal.
  package func answer(_ call: VarlinkCall, from peer: Peer) -> Result<[UInt8], VarlinkError> {
    guard let route = Self.routes[call.method] else { return .failure(.methodNotFound(call.method)) }
    let verb = call.name
    do {
      return .success(try answer(call, route, verb, from: peer))
    } catch let error as ControlError {
      return .failure(wire(error))
    } catch let error as DecodingError {
      let fault = WireJSON.fault(error)
      return .failure(
        wire(
          ControlError(
            .invalid, what: verb, why: "the field '\(fault.field)' is wrong: \(fault.why)",
            hint: "see the interface file", field: fault.field)))
    } catch let error as UnreadableRow {
      return .failure(
        wire(
          ControlError(
            .internal, what: error.subject, why: "a row of it cannot be read: \(error.name)",
            hint: "have the administrator mend that row; 'followupctl cancel' and 'patient deceased' work all the same",
            existing: error.subject)))
    } catch let error as ZoneError {
      let parts = error.sentence.split(separator: ";", maxSplits: 1).map { String($0).trimmed }
      return .failure(
        wire(
          ControlError(
            .invalid, what: verb, why: (parts.first ?? error.sentence).plainLine,
            hint: parts.count > 1 ? parts[1] : "correct it", field: "zone")))
    } catch {
      let isDamage = SQLiteStore.isDamage(error)
      service.failed(method: verb, why: Self.code(error))
      return .failure(
        wire(
          isDamage
            ? ControlError(
              .damaged, what: verb, why: "the database is damaged", hint: "stop the daemon and restore a backup")
            : ControlError(
              .internal, what: verb, why: "the daemon could not do it", hint: "see 'journalctl -u followupd'")))
    }
  }

  private func answer(_ call: VarlinkCall, _ route: Route, _ verb: String, from peer: Peer) throws -> [UInt8] {
    let (settings, zoneGeneration) = (context.settings(), context.zones.generation)
    var caller = Caller(peer, settings: settings, identities: identities)
    func desk() -> Desk {
      Desk(
        context: context, service: service, identities: identities, settings: settings,
        zoneGeneration: zoneGeneration, caller: caller, now: context.now(), verb: verb)
    }
    guard caller.rights.contains(route.access) else { throw try desk().refusal(of: route.access) }
    let request = try route.decode(call.parameters)
    do {
      caller = try caller.acting(as: (request as? any StaffRequest)?.actingAs, settings: settings)
    } catch {
      try desk().noteRefusal(needs: "staff-entry")
      throw error
    }
    try believeClock(request, verb)
    return try route.run(desk(), request)
  }

  /// R6: while the clock is not believed nothing is written, for it would be written under a wrong time; what protects a
  /// patient, or ends that state, is accepted all the same.
  private func believeClock(_ request: any Sendable, _ verb: String) throws {
    guard !service.isClockBelieved, let request = request as? any ActingRequest, !request.isDryRun else { return }
    switch request {
    case is Stop.Request, is SetConsent.Request, is MarkDeceased.Request, is AddHold.Request, is ReleaseHolds.Request,
      is PauseChannel.Request:
      return
    default:
      throw ControlError.clockNotBelieved(verb)
    }
  }

  private func wire(_ error: ControlError) -> VarlinkError {
    VarlinkError(
      name: error.kind.varlinkName, parameters: (try? WireJSON.encode(error)) ?? Array("{}".utf8))
  }

  /// What kind of error it was, without what it says: a database's error may quote a statement's values.
  private static func code(_ error: any Error) -> String {
    switch error {
    case let error as ZoneError: error.code
    default: SQLiteStore.code(of: error)
    }
  }
}

/// One method: how its request is read, which right it needs, what is called, how its reply is written.
struct Route: Sendable {
  let name: String
  let access: Right
  let decode: @Sendable ([UInt8]) throws -> any Sendable
  let run: @Sendable (Desk, any Sendable) throws -> [UInt8]

  init<M: ControlMethod>(_ method: M.Type, _ body: @escaping @Sendable (Desk, M.Request) throws -> M.Reply) {
    name = M.name
    access = M.access
    decode = { try WireJSON.decode(M.Request.self, from: $0) }
    run = { desk, request in
      guard let request = request as? M.Request else { throw ControlError.unexpected(M.name) }
      return try WireJSON.encode(try body(desk, request))
    }
  }
}
