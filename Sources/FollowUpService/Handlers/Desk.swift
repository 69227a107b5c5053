internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpStore
internal import FollowUpSystem

/// What commands do: each method of the control protocol is a method here, a file a noun. A value of it serves one call.
struct Desk: Sendable {
  let context: Context
  let service: any ServicePort
  let identities: Identities
  /// The configuration as it was when the call came.
  let settings: Settings
  /// The zone files' as it was then.
  let zoneGeneration: Int
  let caller: Caller
  let now: Instant
  /// The method's short name, for records and errors.
  let verb: String

  var actor: Actor { caller.actor }

  /// The clinic's zone: what relative times mean (R1).
  func clinicZone() throws -> Zone { try zone(named: settings.clinic.zone, field: "zone") }

  func read<T>(_ body: (Transaction) throws -> T) throws -> T {
    var unreadable: [UnreadableRow] = []
    defer { service.unreadable(unreadable) }
    return try context.store.read { transaction in
      defer { unreadable = transaction.unreadable }
      return try body(transaction)
    }
  }

  /// Runs a change: in a transaction that stays, or in one that is rolled back where it is a dry run or first shows what it
  /// would do. `Effect.asks` decides the latter; pass `mayAsk` where a body can set it.
  func change<T>(
    _ request: some ActingRequest, mayAsk: Bool = false, _ body: (Transaction, any Withdrawing) throws -> Effect<T>
  ) throws -> (effect: Effect<T>, preview: Preview?) {
    var unreadable: [UnreadableRow] = []
    defer { service.unreadable(unreadable) }
    if request.isDryRun || mayAsk && !request.isConfirmed {
      let effect = try context.store.rehearse { transaction in
        defer { unreadable = transaction.unreadable }
        return try body(transaction, NoWithdrawal())
      }
      if request.isDryRun || effect.asks { return (effect, effect.preview) }
    }
    let effect = try context.store.write { transaction in
      defer { unreadable = transaction.unreadable }
      let effect = try body(transaction, context.withdrawing)
      if effect.isChange, caller.rights.contains(.staff) { try transaction.noteStaff(actor.staff, now: now) }
      return effect
    }
    if effect.isChange {
      context.poke()
      // A reload, or other zone files, came in between and may have passed by what this call planned.
      if context.zones.generation != zoneGeneration || context.settings() != settings { context.planAgain() }
    }
    return (effect, nil)
  }

  /// A change of one thing.
  func changeOne<T>(
    _ request: some ActingRequest, mayAsk: Bool = false,
    _ body: (Transaction, any Withdrawing) throws -> Effect<T>
  ) throws -> Changed<T> {
    let (effect, preview) = try change(request, mayAsk: mayAsk, body)
    return Changed(
      effect.thing, changed: preview == nil && effect.isChange, said: effect.said.joined(separator: "; "),
      warnings: effect.warnings, preview: preview)
  }

  /// A change of several things.
  func changeList<T>(
    _ request: some ActingRequest, mayAsk: Bool = false,
    _ body: (Transaction, any Withdrawing) throws -> Effect<[T]>
  ) throws -> ChangedList<T> {
    let (effect, preview) = try change(request, mayAsk: mayAsk, body)
    return ChangedList(
      items: effect.thing, changed: preview == nil ? effect.count : 0, said: effect.said, failures: effect.failures,
      warnings: effect.warnings, preview: preview)
  }

  /// Writes the record of a change (R21).
  func record(_ transaction: Transaction, _ subject: String, _ fields: [String] = [], verb: String? = nil) throws {
    try transaction.audit(AuditRecord(verb ?? self.verb, subject, fields), by: actor, at: now)
  }
}

/// What a change did, or would do.
struct Effect<Thing> {
  var thing: Thing
  /// How many things changed; 0: there was nothing to change.
  var count = 1
  /// How many things it touches, where that is more than those that it is about.
  var touched: Int?
  /// A line a thing, fit to be read out.
  var said: [String]
  /// Exactly what it does, where that is more than was said.
  var lines: [String]?
  var warnings: [String] = []
  var failures: [Failure] = []
  /// It must be shown and agreed to first.
  var asks = false
  var question = "Go ahead?"
  /// It has a way back: people are asked, scripts need not be.
  var isOptional = false

  init(_ thing: Thing, count: Int = 1, said: [String], warnings: [String] = []) {
    self.thing = thing
    self.count = count
    self.said = said
    self.warnings = warnings
  }

  /// One that changed nothing.
  static func none(_ thing: Thing, _ said: String, warnings: [String] = []) -> Effect {
    Effect(thing, count: 0, said: [said], warnings: warnings)
  }

  var isChange: Bool { count > 0 }
  var preview: Preview {
    Preview(lines: lines ?? said, count: touched ?? count, question: question, optional: isOptional ? true : nil)
  }
}

/// For rehearsals: nothing is taken back from the workers.
struct NoWithdrawal: Withdrawing {
  func withdraw(message id: Int64) -> Bool { false }
}
