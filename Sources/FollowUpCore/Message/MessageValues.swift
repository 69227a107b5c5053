/// What a message to one patient is filled with.
package struct MessageValues: Sendable, Hashable {
  /// nil: a greeting without a name.
  package var calledName: String?
  package var clinicName: String
  package var clinicPhone: String
  /// The clinic's country (ISO 3166): how times are written where the language's tag names no region.
  package var country: String
  /// The anchor, in its own zone: what patients are told (R4).
  package var due: CivilDateTime
  package var dueZone: Zone
  package var patientZone: Zone
  /// "Today" is this instant's date in the patient's zone (M13).
  package var composedAt: Instant
  /// Only where the plan says that it is harmless (M3).
  package var planTitle: String?
  /// nil unless a base URL is configured (M7).
  package var answerLink: String?
  package var stopLink: String?
  /// The patient's own tag: its region says how dates and times are written (`fr-CA`).
  package var language: String

  package init(
    calledName: String?, clinic: Clinic, due: CivilDateTime, dueZone: Zone, patientZone: Zone, composedAt: Instant,
    plan: Plan? = nil, answerLink: String? = nil, stopLink: String? = nil, language: String = ""
  ) {
    self.calledName = calledName
    self.clinicName = clinic.name
    self.clinicPhone = clinic.phone
    self.country = clinic.country
    self.due = due
    self.dueZone = dueZone
    self.patientZone = patientZone
    self.composedAt = composedAt
    self.planTitle = plan.flatMap { $0.harmlessTitle ? $0.title : nil }
    self.answerLink = answerLink
    self.stopLink = stopLink
    self.language = language
  }

  /// The tag to write in: the patient's where the template is of that language, else the template's.
  func tag(for template: Template) -> String {
    LanguageTag.lookup(language).contains(template.language.lowercased()) ? language : template.language
  }

  /// The wording of a language, in its region or the clinic's country.
  func wording(of language: String) -> Wording { Wording.of(language: language, region: country) }

  /// The text of a placeholder in a language and its wording; nil where there is no value.
  func text(of placeholder: Placeholder, language: String, wording: Wording, form: Template.Form) -> String? {
    let text: String?
    switch placeholder {
    case .calledName: return calledName
    case .clinicName: return clinicName
    case .clinicPhone: return clinicPhone.isEmpty ? wording.noPhone : clinicPhone
    case .answerLink: return answerLink
    case .stopLink: return stopLink
    case .planTitle: return planTitle
    case .dueDate: text = wording.text(of: due.date)
    case .dueTime: text = time(wording, region: LanguageTag.region(of: language) ?? country)
    case .dueWeekday: text = wording.weekday(of: due.date)
    case .dueRelative: text = day(wording)
    }
    return form == .short ? text.map(wording.short) : text
  }

  private var dueAt: Instant { dueZone.instant(of: due) }

  private func time(_ wording: Wording, region: String) -> String {
    let time = wording.text(of: due.time, region: region)
    let isElsewhere = dueZone.offset(at: dueAt) != patientZone.offset(at: dueAt)
    return isElsewhere ? wording.text(of: time, in: dueZone) : time
  }

  private func day(_ wording: Wording) -> String {
    wording.relative(
      due.date, today: patientZone.civil(at: composedAt).date,
      words: patientZone.civil(at: dueAt).date == due.date)
  }
}
