/// The files of `config/` that are part of the program, so that plans and texts are there whatever is installed.
///
/// A file that joins `config/plans.d` or `config/templates` is added here; a test compares the two.
enum Shipped {
  struct File: Sendable {
    var name: String
    var text: String

    init(_ name: String, _ bytes: [UInt8]) {
      self.name = name
      text = String(decoding: bytes, as: UTF8.self)
    }
  }

  static let plans = [
    File("annual-check.toml", PackageResources.annual_check_toml),
    File("appointment.toml", PackageResources.appointment_toml),
    File("lab-review.toml", PackageResources.lab_review_toml),
    File("medication-review.toml", PackageResources.medication_review_toml),
    File("post-op.toml", PackageResources.post_op_toml),
    File("vaccination.toml", PackageResources.vaccination_toml),
  ]

  static let templates = [
    File("bundle.en.sms.txt", PackageResources.bundle_en_sms_txt),
    File("bundle.en.txt", PackageResources.bundle_en_txt),
    File("cancelled.en.sms.txt", PackageResources.cancelled_en_sms_txt),
    File("cancelled.en.txt", PackageResources.cancelled_en_txt),
    File("check.en.sms.txt", PackageResources.check_en_sms_txt),
    File("check.en.txt", PackageResources.check_en_txt),
    File("medication.en.sms.txt", PackageResources.medication_en_sms_txt),
    File("medication.en.txt", PackageResources.medication_en_txt),
    File("moved.en.sms.txt", PackageResources.moved_en_sms_txt),
    File("moved.en.txt", PackageResources.moved_en_txt),
    File("result.en.sms.txt", PackageResources.result_en_sms_txt),
    File("result.en.txt", PackageResources.result_en_txt),
    File("vaccination.en.sms.txt", PackageResources.vaccination_en_sms_txt),
    File("vaccination.en.txt", PackageResources.vaccination_en_txt),
    File("visit-missed.en.sms.txt", PackageResources.visit_missed_en_sms_txt),
    File("visit-missed.en.txt", PackageResources.visit_missed_en_txt),
    File("visit.en.sms.txt", PackageResources.visit_en_sms_txt),
    File("visit.en.txt", PackageResources.visit_en_txt),
  ]

  /// How a fault names a shipped file.
  static func path(_ folder: String, _ name: String) -> String { "(shipped)/\(folder)/\(name)" }
}
