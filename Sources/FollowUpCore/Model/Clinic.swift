/// `[clinic]`: who writes to the patients, and when people work there.
package struct Clinic: Sendable, Hashable {
  /// As messages say it.
  package var name: String
  /// IANA; what relative times mean (R1).
  package var zone: String
  /// BCP 47, of patients for whom none is known.
  package var language = "en"
  /// ISO 3166-1 alpha-2, upper case: for phone numbers without a country code.
  package var country = "CA"
  /// As messages say it. Empty only where there is no configuration at all.
  package var phone: String
  /// A visit outside is asked about.
  package var hours = HourRange.literal("08:00-18:00")
  package var workingDays: Set<Weekday> = [.monday, .tuesday, .wednesday, .thursday, .friday]
  /// When tasks fall due (R19).
  package var workingHours = HourRange.literal("08:30-17:00")
  /// The plan of an `add` that names none.
  package var defaultPlan = "appointment"

  package init(name: String, zone: String, phone: String) {
    self.name = name
    self.zone = zone
    self.phone = phone
  }

  /// What a daemon without a configuration file goes by: words that are true of any clinic.
  package static let neutral = Clinic(name: "Your clinic", zone: "UTC", phone: "")
}
