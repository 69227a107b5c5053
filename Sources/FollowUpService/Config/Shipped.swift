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
    File("bundle.de.sms.txt", PackageResources.bundle_de_sms_txt),
    File("bundle.de.txt", PackageResources.bundle_de_txt),
    File("bundle.en.sms.txt", PackageResources.bundle_en_sms_txt),
    File("bundle.en.txt", PackageResources.bundle_en_txt),
    File("bundle.es.sms.txt", PackageResources.bundle_es_sms_txt),
    File("bundle.es.txt", PackageResources.bundle_es_txt),
    File("bundle.fr.sms.txt", PackageResources.bundle_fr_sms_txt),
    File("bundle.fr.txt", PackageResources.bundle_fr_txt),
    File("cancelled.de.sms.txt", PackageResources.cancelled_de_sms_txt),
    File("cancelled.de.txt", PackageResources.cancelled_de_txt),
    File("cancelled.en.sms.txt", PackageResources.cancelled_en_sms_txt),
    File("cancelled.en.txt", PackageResources.cancelled_en_txt),
    File("cancelled.es.sms.txt", PackageResources.cancelled_es_sms_txt),
    File("cancelled.es.txt", PackageResources.cancelled_es_txt),
    File("cancelled.fr.sms.txt", PackageResources.cancelled_fr_sms_txt),
    File("cancelled.fr.txt", PackageResources.cancelled_fr_txt),
    File("check.de.sms.txt", PackageResources.check_de_sms_txt),
    File("check.de.txt", PackageResources.check_de_txt),
    File("check.en.sms.txt", PackageResources.check_en_sms_txt),
    File("check.en.txt", PackageResources.check_en_txt),
    File("check.es.sms.txt", PackageResources.check_es_sms_txt),
    File("check.es.txt", PackageResources.check_es_txt),
    File("check.fr.sms.txt", PackageResources.check_fr_sms_txt),
    File("check.fr.txt", PackageResources.check_fr_txt),
    File("medication.de.sms.txt", PackageResources.medication_de_sms_txt),
    File("medication.de.txt", PackageResources.medication_de_txt),
    File("medication.en.sms.txt", PackageResources.medication_en_sms_txt),
    File("medication.en.txt", PackageResources.medication_en_txt),
    File("medication.es.sms.txt", PackageResources.medication_es_sms_txt),
    File("medication.es.txt", PackageResources.medication_es_txt),
    File("medication.fr.sms.txt", PackageResources.medication_fr_sms_txt),
    File("medication.fr.txt", PackageResources.medication_fr_txt),
    File("moved.de.sms.txt", PackageResources.moved_de_sms_txt),
    File("moved.de.txt", PackageResources.moved_de_txt),
    File("moved.en.sms.txt", PackageResources.moved_en_sms_txt),
    File("moved.en.txt", PackageResources.moved_en_txt),
    File("moved.es.sms.txt", PackageResources.moved_es_sms_txt),
    File("moved.es.txt", PackageResources.moved_es_txt),
    File("moved.fr.sms.txt", PackageResources.moved_fr_sms_txt),
    File("moved.fr.txt", PackageResources.moved_fr_txt),
    File("result.de.sms.txt", PackageResources.result_de_sms_txt),
    File("result.de.txt", PackageResources.result_de_txt),
    File("result.en.sms.txt", PackageResources.result_en_sms_txt),
    File("result.en.txt", PackageResources.result_en_txt),
    File("result.es.sms.txt", PackageResources.result_es_sms_txt),
    File("result.es.txt", PackageResources.result_es_txt),
    File("result.fr.sms.txt", PackageResources.result_fr_sms_txt),
    File("result.fr.txt", PackageResources.result_fr_txt),
    File("vaccination.de.sms.txt", PackageResources.vaccination_de_sms_txt),
    File("vaccination.de.txt", PackageResources.vaccination_de_txt),
    File("vaccination.en.sms.txt", PackageResources.vaccination_en_sms_txt),
    File("vaccination.en.txt", PackageResources.vaccination_en_txt),
    File("vaccination.es.sms.txt", PackageResources.vaccination_es_sms_txt),
    File("vaccination.es.txt", PackageResources.vaccination_es_txt),
    File("vaccination.fr.sms.txt", PackageResources.vaccination_fr_sms_txt),
    File("vaccination.fr.txt", PackageResources.vaccination_fr_txt),
    File("visit-missed.de.sms.txt", PackageResources.visit_missed_de_sms_txt),
    File("visit-missed.de.txt", PackageResources.visit_missed_de_txt),
    File("visit-missed.en.sms.txt", PackageResources.visit_missed_en_sms_txt),
    File("visit-missed.en.txt", PackageResources.visit_missed_en_txt),
    File("visit-missed.es.sms.txt", PackageResources.visit_missed_es_sms_txt),
    File("visit-missed.es.txt", PackageResources.visit_missed_es_txt),
    File("visit-missed.fr.sms.txt", PackageResources.visit_missed_fr_sms_txt),
    File("visit-missed.fr.txt", PackageResources.visit_missed_fr_txt),
    File("visit.de.sms.txt", PackageResources.visit_de_sms_txt),
    File("visit.de.txt", PackageResources.visit_de_txt),
    File("visit.en.sms.txt", PackageResources.visit_en_sms_txt),
    File("visit.en.txt", PackageResources.visit_en_txt),
    File("visit.es.sms.txt", PackageResources.visit_es_sms_txt),
    File("visit.es.txt", PackageResources.visit_es_txt),
    File("visit.fr.sms.txt", PackageResources.visit_fr_sms_txt),
    File("visit.fr.txt", PackageResources.visit_fr_txt),
  ]

  /// How a fault names a shipped file.
  static func path(_ folder: String, _ name: String) -> String { "(shipped)/\(folder)/\(name)" }
}
