internal import FollowUpCore
internal import FollowUpStore
internal import FollowUpSystem

/// From what is cleared to a claimed message: alone, or as a bundle (R13).
extension SendingRound {
  /// How long a claim may wait for its first byte, in seconds (R12).
  private static let claimLife: Int64 = 60

  mutating func send(_ found: ClearanceCase, to contact: Int64) throws {
    guard let channel = found.channel(of: contact), let address = found.addresses[contact] else { return }
    let mode = terms.mode(of: address)
    if try waits(found.reminder, for: channel, mode) { return }
    guard space.hasRoom(channel, for: found.reminder.priority) else { return try wait(found.reminder, for: channel) }
    guard let entry = channels.adapter(for: channel, mode: mode) else {
      return try hand(found, reason: .noContact, task: .noContact)
    }
    // What else of this patient is drafted decides with whom this leaves.
    if drafts.concern([found.reminder]) { try claimDrafts() }
    let destination = Destination(contact: contact, channel: channel, address: address, mode: mode, entry: entry)
    if let pending = try found.reminder.messageID.flatMap({ try transaction.pendingMessage($0) }) {
      try sendAgain(pending, found, to: destination)
    } else {
      let (parts, superseded) = try bundling.bundle(of: found, to: contact, by: channel)
      try sendNew(parts, to: destination, superseded)
    }
  }

  /// What a channel has no room for steps aside, so that the reminders of other channels are seen behind.
  private mutating func wait(_ reminder: DueReminder, for channel: String) throws {
    let perMinute = channels.traits(of: channel, mode: terms.settings.delivery.mode).perMinute
    let waited = now - (reminder.wakeAt ?? now)
    if let seconds = space.wait(for: channel, reminder.priority, perMinute: perMinute, waited: waited) {
      try transaction.postpone(reminder: reminder.id, to: now + seconds, now: now)
    } else {
      stays[reminder.id] = channel
    }
  }

  // MARK: Again

  /// A message that waits is repeated byte for byte, if all that it carries is cleared for the same contact, in the same
  /// words; else it is composed anew, or after doubt handed to staff (`delivery.md`, Identity).
  private mutating func sendAgain(
    _ pending: PendingMessage, _ found: ClearanceCase, to destination: Destination
  ) throws {
    let (parts, isWhole) = try parts(of: pending, with: found, to: destination)
    let text = bundling.text(of: parts, channel: destination.channel)
    // A reload may have changed the mode, or the adapter that the bytes were made for; staff may have mended the address.
    let isSame =
      isWhole && pending.contactID == destination.contact && pending.address == destination.address
      && pending.mode == destination.mode && pending.adapter == destination.entry.kind
    if isSame, let text, try transaction.body(of: pending.id)?.text == text.body {
      return try claim(pending.id, parts)
    }
    // What may have arrived is not said again in other words.
    if pending.doubts > 0 { return try handDoubtful(pending, with: found) }
    if text == nil, parts.count == 1 { return try hand(found, reason: .noTemplate, task: .noTemplate) }
    try transaction.move(message: pending.id, .cancel, reason: .recomposed, now: now)
    try sendNew(text == nil ? [found] : parts, to: destination)
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
        try !bundling.isOvertaken(member)
      {
        parts.append(part)
      } else {
        isWhole = false
      }
    }
    return (parts, isWhole)
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

  // MARK: New

  /// Drafts a message for `parts`, to be composed, stored and claimed with others; or hands them to staff for want of a text.
  private mutating func sendNew(
    _ parts: [ClearanceCase], to destination: Destination, _ superseded: [DueReminder] = []
  ) throws {
    guard let first = parts.first else { return }
    guard let template = bundling.template(of: parts, channel: destination.channel) else {
      if parts.count == 1 { try hand(first, reason: .noTemplate, task: .noTemplate) }
      return
    }
    space.take(destination.channel, for: first.reminder.priority)
    if destination.mode == .live { destinations.take(destination.channel) }
    drafts.add(
      Draft(
        parts: parts, superseded: superseded, destination: destination, template: template,
        identity: try transaction.identity(of: parts.map(\.reminder), contact: destination.contact),
        calendar: parts.count == 1 ? calendar(first) : nil), by: terms, now: now)
  }

  /// Stores and claims what is drafted, once it is composed.
  mutating func claimDrafts() throws {
    for batch in drafts.batches(by: terms, now: now) {
      for (draft, result) in zip(batch.drafts, batch.composed()) {
        do { try claim(draft, result) } catch  where SQLiteStore.mayConcernRow(error) {
          throw RowFault(reminder: draft.parts.first?.reminder.id ?? 0, cause: error)
        }
      }
    }
    drafts = Drafts()
  }

  private mutating func claim(_ draft: Draft, _ result: Result<ComposedMessage, RenderError>) throws {
    let destination = draft.destination
    guard let first = draft.parts.first else { return }
    switch result {
    case .failure(let error):
      for part in draft.parts {
        try hand(
          part, reason: .deliveryFailed, task: .deliveryFailed, tried: ["\(destination.channel): \(error.code)"])
      }
    case .success(let message):
      if !keepsBodies {
        try transaction.keepBodies(for: terms.settings.retention.messageBodies.seconds, now: now)
        keepsBodies = true
      }
      let claim = try transaction.insertClaimed(
        NewMessage(
          identity: message.identity, header: message.rendered.messageID, patientID: first.reminder.patientID,
          contactID: destination.contact, channel: destination.channel, adapter: destination.entry.kind,
          address: message.rendered.address, mode: destination.mode, language: message.text.language,
          subject: message.text.subject, text: message.text.body, wire: message.rendered.body),
        for: draft.parts.map(\.reminder), sendBy: sendBy(first, draft.parts), invocation: invocation, now: now)
      claims.append(claim)
      for reminder in draft.superseded { try end(reminder, .supersede, reason: .later) }
    }
  }

  /// Until when the first byte has to leave (R12).
  private func sendBy(_ first: ClearanceCase, _ parts: [ClearanceCase]) -> Instant {
    let rangeEnd = first.facts.hours.endOfRange(containing: now, in: first.facts.zone) ?? .distantFuture
    return parts.reduce(min(now + Self.claimLife, rangeEnd)) { min($0, $1.reminder.expiresAt) }
  }

  /// Claims a message that waits for its next try.
  private mutating func claim(_ message: Int64, _ parts: [ClearanceCase]) throws {
    guard let first = parts.first else { return }
    let claimed = try transaction.claim(
      message: message, reminders: parts.map(\.reminder.id), sendBy: sendBy(first, parts), invocation: invocation,
      now: now)
    guard let claimed else {
      for part in parts { try hand(part, reason: .deliveryFailed, task: .deliveryFailed) }
      return
    }
    space.take(claimed.message.channel, for: first.reminder.priority)
    if claimed.mode == .live { destinations.take(claimed.message.channel) }
    claims.append(claimed)
  }

  /// Nil for a visit that nobody expects any more, or that is past: no calendar is to announce it.
  private func calendar(_ found: ClearanceCase) -> CalendarEntry? {
    guard found.plan?.calendar == true, !found.facts.status.isOver, found.anchorAt > now else { return nil }
    return CalendarEntry(
      uid: "\(transaction.instance)-\(found.reminder.subject)", sequence: found.reminder.revision,
      start: found.anchorAt, summary: terms.settings.clinic.name)
  }
}
