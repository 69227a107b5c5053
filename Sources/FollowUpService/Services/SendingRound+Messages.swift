internal import FollowUpCore
internal import FollowUpStore
internal import FollowUpSystem

/// From what is cleared to a claimed message: alone, or as a bundle (R13).
extension SendingRound {
  /// How long a claim may wait for its first byte, in seconds (R12).
  private static let claimLife: Int64 = 60

  /// Where a message goes.
  private struct Destination {
    var contact: Int64
    var channel: String
    var address: String
    var mode: Mode
    var entry: Channels.Entry
  }

  mutating func send(_ found: ClearanceCase, to contact: Int64) throws {
    guard let channel = found.channel(of: contact), let address = found.addresses[contact] else { return }
    let mode = terms.mode(of: address)
    guard space.hasRoom(channel, for: found.reminder.priority) else { return try wait(found.reminder, for: channel) }
    guard let entry = channels.adapter(for: channel, mode: mode) else {
      return try hand(found, reason: .noContact, task: .noContact)
    }
    let destination = Destination(contact: contact, channel: channel, address: address, mode: mode, entry: entry)
    if let pending = try found.reminder.messageID.flatMap({ try transaction.pendingMessage($0) }) {
      try sendAgain(pending, found, to: destination)
    } else {
      let (parts, superseded) = try bundle(of: found, to: destination)
      if try sendNew(parts, to: destination) {
        for reminder in superseded { try end(reminder, .supersede, reason: .later) }
      }
    }
  }

  /// What a channel has no room for steps aside, so that the reminders of other channels are seen behind.
  private mutating func wait(_ reminder: DueReminder, for channel: String) throws {
    let perMinute = channels.traits(of: channel, mode: terms.settings.delivery.mode).perMinute
    let waited = now - (reminder.wakeAt ?? now)
    if let seconds = space.wait(for: channel, reminder.priority, perMinute: perMinute, waited: waited) {
      try transaction.postpone(reminder: reminder.id, to: now + seconds, now: now)
    } else {
      stays.insert(reminder.id)
    }
  }

  // MARK: Again

  /// A message that waits is repeated byte for byte, if all that it carries is cleared for the same contact, in the same
  /// words; else it is composed anew, or after doubt handed to staff (`delivery.md`, Identity).
  private mutating func sendAgain(
    _ pending: PendingMessage, _ found: ClearanceCase, to destination: Destination
  ) throws {
    let (parts, isWhole) = try parts(of: pending, with: found, to: destination)
    let text = compose(parts, channel: destination.channel)
    if text == nil, parts.count == 1 { return try hand(found, reason: .noTemplate, task: .noTemplate) }
    // A reload may have changed the mode, or the adapter that the bytes were made for; staff may have mended the address.
    let isSame =
      isWhole && pending.contactID == destination.contact && pending.address == destination.address
      && pending.mode == destination.mode && pending.adapter == destination.entry.kind
    if isSame, let text, try transaction.body(of: pending.id)?.text == text.body {
      return try claim(pending.id, parts, on: destination.channel)
    }
    // What may have arrived is not said again in other words.
    if pending.doubts > 0 { return try handDoubtful(pending, with: found) }
    try transaction.move(message: pending.id, .cancel, reason: .recomposed, now: now)
    _ = try sendNew(text == nil ? [found] : parts, to: destination)
  }

  /// What a message carries that may be sent to `destination` now, and whether that is all of it.
  private func parts(
    of pending: PendingMessage, with found: ClearanceCase, to destination: Destination
  ) throws -> (parts: [ClearanceCase], isWhole: Bool) {
    var parts = [found]
    var isWhole = true
    for member in try transaction.reminders(of: pending.id) where member.id != found.reminder.id {
      if !member.state.isFinal, member.state != .claimed, let part = try examine(member),
        Clearance(part.facts, now: now).decision == .send(contact: destination.contact),
        try !isOvertaken(member)
      {
        parts.append(part)
      } else {
        isWhole = false
      }
    }
    return (parts, isWhole)
  }

  /// R10: a later step of its occurrence went.
  private func isOvertaken(_ reminder: DueReminder) throws -> Bool {
    try transaction.latestSentStep(of: reminder.occurrenceID, revision: reminder.revision)
      .map { $0 > reminder.intendedAt } ?? false
  }

  private mutating func handDoubtful(_ pending: PendingMessage, with found: ClearanceCase) throws {
    for member in try transaction.reminders(of: pending.id) where !member.state.isFinal && member.state != .claimed {
      if let part = member.id == found.reminder.id ? found : try examine(member) {
        try hand(part, reason: .uncertainDelivery, task: .uncertainDelivery)
      } else {
        try setAside(member)
      }
    }
  }

  // MARK: Bundles

  /// What leaves in one message with `found`, which is among it, and the steps that the others of their occurrence
  /// supersede. Urgent ones neither wait for nor join a bundle, and nobody waits: what is planned later comes forward.
  private func bundle(
    of found: ClearanceCase, to destination: Destination
  ) throws -> (parts: [ClearanceCase], superseded: [DueReminder]) {
    guard found.mayBeBundled, hasBundleText(found, channel: destination.channel) else {
      return ([found], [])
    }
    let window = terms.settings.budget.bundleWithin.seconds
    let start = found.reminder.sendableAt
    let around = try transaction.companions(
      patient: found.reminder.patientID, except: found.reminder.occurrenceID, from: start - window,
      to: start + window, now: now)
    guard !around.isEmpty else { return ([found], []) }
    var joining: [ClearanceCase] = []
    for steps in Dictionary(grouping: around, by: \.occurrenceID).values {
      // The later of two steps of an occurrence supersedes.
      for step in steps.sorted(by: { ($0.intendedAt, $0.id) > ($1.intendedAt, $1.id) }) {
        if let part = try joins(step, destination) {
          joining.append(part)
          break
        }
      }
    }
    let first = joining.reduce(start) { min($0, $1.reminder.sendableAt) }
    joining = joining.filter { $0.reminder.sendableAt <= first + window }
      .sorted { ($0.reminder.sendableAt, $0.reminder.id) < ($1.reminder.sendableAt, $1.reminder.id) }
    let superseded = around.filter { step in
      step.sendableAt >= first && step.sendableAt <= first + window
        && joining.contains {
          $0.reminder.occurrenceID == step.occurrenceID && $0.reminder.id != step.id
            && $0.reminder.intendedAt > step.intendedAt
        }
    }
    return ([found] + joining, superseded)
  }

  /// Each part passes the whole clearance by itself, to the same contact. What is late and asks for more than to be sent
  /// is left to its own look (R10).
  private func joins(_ step: DueReminder, _ destination: Destination) throws -> ClearanceCase? {
    guard let part = try examine(step), part.mayBeBundled, try !isOvertaken(step),
      Clearance(part.facts, now: now).decision == .send(contact: destination.contact)
    else { return nil }
    let isLate = step.isFirstLook && now - step.sendableAt > part.plan?.lateAfter.seconds ?? 900
    return isLate && part.step?.late != .send ? nil : part
  }

  private func hasBundleText(_ found: ClearanceCase, channel: String) -> Bool {
    template("bundle", found.language, channel) != nil
  }

  // MARK: New

  /// Composes, stores and claims a message for `parts`. False if there is no text for so many, or staff have them instead.
  private mutating func sendNew(_ parts: [ClearanceCase], to destination: Destination) throws -> Bool {
    guard let first = parts.first else { return false }
    guard let text = compose(parts, channel: destination.channel) else {
      if parts.count == 1 { try hand(first, reason: .noTemplate, task: .noTemplate) }
      return false
    }
    let identity = try transaction.identity(of: parts.map(\.reminder), contact: destination.contact)
    let draft = MessageDraft(
      identity: identity, channel: destination.channel, address: destination.address, subject: text.subject,
      text: text.body, language: text.language, composedAt: now,
      calendar: parts.count == 1 ? calendar(first) : nil, clinicName: terms.settings.clinic.name)
    let rendered: RenderedMessage
    do { rendered = try destination.entry.adapter.render(draft) } catch {
      for part in parts {
        try hand(
          part, reason: .deliveryFailed, task: .deliveryFailed, tried: ["\(destination.channel): \(error.code)"])
      }
      return false
    }
    try transaction.keepBodies(for: terms.settings.retention.messageBodies.seconds, now: now)
    let message = try transaction.insert(
      NewMessage(
        identity: identity, header: rendered.messageID, patientID: first.reminder.patientID,
        contactID: destination.contact, channel: destination.channel, adapter: destination.entry.kind,
        address: rendered.address, mode: destination.mode, language: text.language, subject: text.subject,
        text: text.body, wire: rendered.body), for: parts.map(\.reminder.id), now: now)
    try claim(message, parts, on: destination.channel)
    return true
  }

  private mutating func claim(_ message: Int64, _ parts: [ClearanceCase], on channel: String) throws {
    guard let first = parts.first else { return }
    let rangeEnd = first.facts.hours.endOfRange(containing: now, in: first.facts.zone) ?? .distantFuture
    let sendBy = parts.reduce(min(now + Self.claimLife, rangeEnd)) { min($0, $1.reminder.expiresAt) }
    let claimed = try transaction.claim(
      message: message, reminders: parts.map(\.reminder.id), sendBy: sendBy, invocation: invocation, now: now)
    guard let claimed else {
      for part in parts { try hand(part, reason: .deliveryFailed, task: .deliveryFailed) }
      return
    }
    space.take(channel, for: first.reminder.priority)
    claims.append(claimed)
  }

  /// Several parts have the text `bundle`, with the values of the earliest visit.
  private func compose(_ parts: [ClearanceCase], channel: String) -> Composer.Text? {
    guard let told = parts.min(by: { ($0.anchorAt, $0.reminder.id) < ($1.anchorAt, $1.reminder.id) }),
      let template = template(parts.count == 1 ? told.template : "bundle", told.language, channel)
    else { return nil }
    return terms.text(of: told, from: template, at: now)
  }

  private func template(_ name: String, _ language: String, _ channel: String) -> Template? {
    let settings = terms.settings
    guard
      case .reviewed(let template) = settings.templates.find(
        name: name, language: language, fallback: settings.languages.fallback, channel: channel)
    else { return nil }
    return template
  }

  private func calendar(_ found: ClearanceCase) -> CalendarEntry? {
    guard found.plan?.calendar == true else { return nil }
    return CalendarEntry(
      uid: "\(transaction.instance)-\(found.reminder.subject)", sequence: found.reminder.revision - 1,
      start: found.anchorAt, summary: terms.settings.clinic.name)
  }
}

extension ClearanceCase {
  /// Only what announces a visit that is still ahead, and is not urgent (R13).
  fileprivate var mayBeBundled: Bool {
    guard reminder.kind == .step, reminder.priority != .urgent, let step else { return false }
    return step.at.isBefore && (step.when == .unconfirmed || step.when == .expected)
  }
}
