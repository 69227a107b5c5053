internal import FollowUpControl
internal import Glibc

/// A patient in a file, so that no name stands in the list of processes (R22): the fields of the patient's JSON.
struct PatientForm: Codable {
  var ref: String?
  var name: String?
  var calledName: String?
  var born: String?
  var language: String?
  var zone: String?
  var hours: String?
  var callOnly: Bool?
  var consent: String?
  var contacts: [ContactInput]?

  /// `path` may be `-`, standard input.
  static func read(_ path: String, session: Session) throws(CommandError) -> PatientForm {
    let bytes = path == "-" ? session.console.readAll() : try contents(path)
    do {
      let given = try WireJSON.decode(FieldNames.self, from: bytes).names
      if let unknown = given.first(where: { CodingKeys(stringValue: $0) == nil }) {
        throw CommandError(
          code: "invalid", exitCode: 65, what: path == "-" ? "standard input" : path,
          why: "'\(unknown)' is no field of a patient",
          hint: "give ref, name, calledName, born, language, zone, hours, callOnly, consent, contacts", field: unknown)
      }
      return try WireJSON.decode(PatientForm.self, from: bytes)
    } catch let error as CommandError {
      throw error
    } catch {
      let fault = (error as? DecodingError).map(WireJSON.fault)
      let field = fault?.field.isEmpty == false ? fault?.field : nil
      throw CommandError(
        code: "invalid", exitCode: 65, what: path == "-" ? "standard input" : path,
        why: field.map { "\($0): \(fault?.why ?? "")" } ?? "it is not a JSON object",
        hint: "give one object with ref, name and the other fields of a patient", field: field)
    }
  }

  /// Which fields an object has, known or not: a misspelt one must not get lost.
  private struct FieldNames: Decodable {
    struct Name: CodingKey {
      var stringValue: String
      var intValue: Int? { nil }
      init?(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }
    var names: [String]

    init(from decoder: any Decoder) throws {
      names = try decoder.container(keyedBy: Name.self).allKeys.map(\.stringValue).sorted()
    }
  }

  private static func contents(_ path: String) throws(CommandError) -> [UInt8] {
    guard let file = fopen(path, "r") else {
      throw CommandError(
        code: "not-found", exitCode: 66, what: path, why: "it cannot be read (\(String(cString: strerror(errno))))",
        hint: "check the path and its rights", field: "file")
    }
    defer { fclose(file) }
    var all: [UInt8] = []
    while true {
      let chunk = [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, count in
        count = fread(buffer.baseAddress, 1, buffer.count, file)
      }
      guard !chunk.isEmpty else { return all }
      all += chunk
    }
  }
}
