internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpStore

/// Values that commands carry, checked before anything is written.
extension Desk {
  /// A word of a closed set.
  func word<Word: RawRepresentable & CaseIterable>(_ text: String, _ field: String) throws -> Word
  where Word.RawValue == String {
    if let word = Word(rawValue: text) { return word }
    let words = Word.allCases.map(\.rawValue)
    let near = Spelling.nearest(to: text, among: words)
    throw ControlError.invalid(
      verb, field, "'\(text.shown)' is no \(field)",
      near.map { "did you mean '\($0)'?" } ?? "write one of: \(words.joined(separator: ", "))")
  }

  /// One line of text that people read.
  func line(_ text: String, _ field: String, longest: Int, mayBeEmpty: Bool = false) throws -> String {
    let trimmed = text.composed.trimmed
    if trimmed.isEmpty, !mayBeEmpty { throw ControlError.invalid(verb, field, "the \(field) is empty", "write one") }
    // A zero-width joiner is part of names in several scripts, and turns nothing around.
    guard !trimmed.unicodeScalars.contains(where: { $0.isInvisible && $0.value != 0x200C && $0.value != 0x200D }) else {
      throw ControlError.invalid(
        verb, field, "the \(field) holds a control or invisible character", "type it anew on one line")
    }
    guard trimmed.count <= longest, trimmed.utf8.count <= longest * 4 else {
      throw ControlError.invalid(verb, field, "the \(field) is longer than \(longest) characters", "shorten it")
    }
    return trimmed
  }

  /// A note for staff: line breaks are welcome.
  func note(_ text: String) throws -> String? {
    let trimmed = text.composed.trimmed
    let bare = String(trimmed.filter { !["\n", "\t", "\r\n"].contains($0) })
    _ = try line(bare, "note", longest: 2000, mayBeEmpty: true)
    return trimmed.isEmpty ? nil : trimmed
  }

  /// The clinic's identifier of a patient.
  func ref(_ text: String) throws -> String {
    let ref = try line(text, "ref", longest: 64)
    let hint = "write letters, digits and punctuation without spaces, 64 at most"
    guard !ref.contains(where: \.isWhitespace) else {
      throw ControlError.invalid(verb, "ref", "a ref has no spaces", hint)
    }
    guard !ref.hasPrefix("-") else { throw ControlError.invalid(verb, "ref", "a ref does not begin with '-'", hint) }
    guard !TypedID.looksLikeID(ref) else {
      throw ControlError.invalid(
        verb, "ref", "'\(ref)' looks like the id of something else", "put something before it, such as 'p\(ref)'")
    }
    return ref
  }

  func born(_ text: String) throws -> CivilDate {
    guard let date = CivilDate(text) else {
      throw ControlError.invalid(
        verb, "born", "'\(text.shown)' is no date", "write year, month and day, for example 1961-04-30")
    }
    let today = try clinicZone().civil(at: now).date
    guard date <= today else { throw ControlError.invalid(verb, "born", "\(date) is in the future", "correct it") }
    guard today.year - date.year <= 130 else {
      throw ControlError.invalid(verb, "born", "\(date) is more than 130 years ago", "correct it")
    }
    return date
  }

  func language(_ text: String) throws -> String {
    guard LanguageTag.isWellFormed(text) else {
      throw ControlError.invalid(
        verb, "language", "'\(text.shown)' is no language tag", "write a BCP 47 tag, such as 'en' or 'fr-CA'")
    }
    return text
  }

  func zone(named name: String, field: String = "zone") throws -> Zone {
    do {
      return try context.zones.zone(named: name)
    } catch {
      let parts = error.sentence.split(separator: ";", maxSplits: 1).map { String($0).trimmed }
      throw ControlError.invalid(verb, field, parts.first ?? error.sentence, parts.count > 1 ? parts[1] : "correct it")
    }
  }

  func hours(_ text: String) throws -> String {
    do {
      return try ContactHours(text: text).description
    } catch {
      throw ControlError.invalid(
        verb, "hours", "'\(error.part.shown)' is no hours",
        "write '09:00-19:00', or 'mon-fri 09:00-17:00, sat 10:00-12:00', or 'closed'")
    }
  }

  /// The name of a channel: one that is configured, or one of those that everyone knows.
  func channel(_ text: String) throws -> String {
    let known = Set(settings.channels.keys).union(["email", "sms", "phone"])
    guard known.contains(text) else {
      throw ControlError.invalid(
        verb, "channel", "there is no channel '\(text.shown)'",
        Spelling.nearest(to: text, among: known).map { "did you mean '\($0)'?" }
          ?? "the channels are \(known.sorted().joined(separator: ", "))")
    }
    return text
  }

  func address(_ text: String, channel: String) throws -> Address {
    do {
      return try Address.normalise(channel: channel, text: text, country: settings.clinic.country)
    } catch {
      throw ControlError.invalid(verb, "address", "\(channel): \(error.sentence)", "correct the address")
    }
  }

  func plan(named name: String) throws -> Plan {
    guard let plan = settings.plans[name] else {
      throw ControlError(
        .notFound, what: "plan \(name.shown)", why: "there is no such plan",
        hint: Spelling.nearest(to: name, among: settings.plans.keys).map { "did you mean '\($0)'?" }
          ?? "see 'followupctl plan list'", field: "plan")
    }
    return plan
  }

  func owner(_ text: String) throws -> Owner {
    guard let owner = Owner(text) else {
      throw ControlError.invalid(verb, "owner", "'\(text.shown)' is no owner", "write role:NAME or user:NAME")
    }
    let (names, name): ([String], String) =
      switch owner {
      case .role(let name): (Array(settings.roles.keys), name)
      case .user(let name): (Array(settings.staff.keys), name)
      }
    guard names.contains(name) else {
      throw ControlError.invalid(
        verb, "owner", "there is no \(text.shown) in the configuration",
        Spelling.nearest(to: name, among: names).map { "did you mean '\($0)'?" } ?? "name one that is there")
    }
    return owner
  }

  /// Where clinicians are configured, one of them; else any short text.
  func clinician(_ text: String) throws -> String {
    let name = try line(text, "with", longest: 64)
    guard settings.clinicians.isEmpty || settings.clinicians[name] != nil else {
      throw ControlError.invalid(
        verb, "with", "there is no clinician '\(name)'",
        Spelling.nearest(to: name, among: settings.clinicians.keys).map { "did you mean '\($0)'?" }
          ?? "the clinicians are \(settings.clinicians.keys.sorted().joined(separator: ", "))")
    }
    return name
  }

  /// A day, as `--from`, `--to` and `--day` take it, on the clinic's calendar.
  func day(_ text: String, _ field: String) throws -> CivilDate {
    do {
      return try WhenParser.parseDay(text, now: now, zone: clinicZone())
    } catch let error as WhenError {
      throw refused(error, field)
    }
  }

  func refused(_ error: WhenError, _ field: String) -> ControlError {
    let candidates = error.candidates.map { Candidate(id: $0, text: nil) }
    return ControlError(
      candidates.count > 1 ? .ambiguous : .invalid, what: verb, why: error.why.plainLine, hint: error.hint.plainLine,
      field: field, candidates: candidates.isEmpty ? nil : candidates)
  }

  /// How many items of a list are asked for; a page that fits into a reply.
  func limit(_ asked: Int?) throws -> Int {
    guard let asked else { return 200 }
    guard asked > 0 else {
      throw ControlError.invalid(verb, "limit", "\(asked) is no number of items", "write 1 or more")
    }
    return min(asked, 500)
  }

  func after(_ text: String?) throws -> String? {
    guard let text else { return nil }
    guard Transaction.isCursor(text) else {
      throw ControlError.invalid(verb, "after", "'\(text.shown)' was not given out by a list", "use what 'next' says")
    }
    return text
  }

  /// An instant as the clinic reads it: `Tue 1 Dec 2026 14:30 MST, in 8 days`.
  func echo(_ civil: CivilDateTime, _ zone: Zone) -> String { WhenParser.echo(civil, zone: zone, now: now) }

  /// The civil time of a date. Where its own cannot be read, that of the instant at which it was understood to be; nil if
  /// its zone cannot be read either.
  func civil(of occurrence: Occurrence) -> CivilDateTime? {
    if occurrence.isAnchorReadable { return occurrence.anchor }
    guard occurrence.anchorAt.isPlausible else { return nil }
    return (try? context.zones.zone(named: occurrence.zone))?.civil(at: occurrence.anchorAt)
  }

  /// When a date is, as the clinic reads it. Where its zone or its time cannot be read, what is known of it.
  func when(_ occurrence: Occurrence) -> String {
    guard let zone = try? context.zones.zone(named: occurrence.zone), let civil = civil(of: occurrence) else {
      return "\(occurrence.anchorText.replacing("T", with: " ").plainLine) \(occurrence.zone.plainLine)"
    }
    return echo(civil, zone) + (occurrence.isAnchorReadable ? "" : " (as far as its row can be read)")
  }

  /// `Sat 28 Nov 10:00` on the clock of `zone`.
  func short(_ instant: Instant, _ zone: Zone) -> String {
    let civil = zone.civil(at: instant)
    let weekday = civil.date.weekday.shortName
    let day = WhenParser.day(civil.date).split(separator: " ").prefix(2).joined(separator: " ")
    let year = civil.date.year == zone.civil(at: now).date.year ? "" : " \(civil.date.year)"
    return "\(weekday.prefix(1).uppercased())\(weekday.dropFirst()) \(day)\(year) \(civil.time)"
  }
}

extension String {
  /// Without what would break or turn the line of an error.
  var plainLine: String { String(String.UnicodeScalarView(unicodeScalars.filter { !$0.isInvisible })) }
}
