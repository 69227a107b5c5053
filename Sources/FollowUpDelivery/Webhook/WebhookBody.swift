package import FollowUpCore

/// The shape of a webhook's body.
///
/// - `json`: `{"id", "channel", "to", "text", "language", "subject"?, "sender"?}` in this order; the last two only if
///   they have a value.
/// - `form`: the same fields as `application/x-www-form-urlencoded`.
/// - `twilio`: the form fields `To`, `From`, `Body`.
/// - Any other text is a template with `{{id}}`, `{{channel}}`, `{{to}}`, `{{text}}`, `{{language}}`, `{{subject}}`,
///   `{{sender}}`: JSON if it opens with `{` or `[`, where a placeholder stands within quotes; else a form.
package struct WebhookBody: Sendable {
  private enum Shape {
    case json, form, twilio
    case template([Piece], isJSON: Bool)
  }

  private enum Piece {
    case text(String)
    case field(String)
  }

  private static let names = ["id", "channel", "to", "text", "language", "subject", "sender"]
  private let shape: Shape
  private let sender: String?

  /// - Throws: `preset`, if the template names a placeholder that there is not, or has none for address and text.
  package init(preset: String, sender: String?) throws(AdapterSettingsError) {
    self.sender = sender.flatMap { $0.isEmpty ? nil : $0 }
    switch preset {
    case "json": shape = .json
    case "form": shape = .form
    case "twilio": shape = .twilio
    default: shape = try Self.template(preset)
    }
  }

  package var contentType: String {
    switch shape {
    case .json, .template(_, isJSON: true): "application/json"
    case .form, .twilio, .template(_, isJSON: false): "application/x-www-form-urlencoded"
    }
  }

  /// Whether the gateway is Twilio, whose id for a message is called `sid`.
  var isTwilio: Bool { if case .twilio = shape { true } else { false } }

  package func bytes(of draft: MessageDraft) -> [UInt8] {
    let sender = self.sender ?? draft.clinicName
    let values = [draft.identity, draft.channel, draft.address, draft.text, draft.language, draft.subject, sender]
    let fields = Array(zip(Self.names, values))
    let present = fields.filter { !$1.isEmpty || ($0 != "subject" && $0 != "sender") }
    let body: String
    switch shape {
    case .json:
      body = "{" + present.map { "\"\($0)\":\"\(Self.jsonEscaped($1))\"" }.joined(separator: ",") + "}"
    case .form:
      body = present.map { "\($0)=\(Self.formEscaped($1))" }.joined(separator: "&")
    case .twilio:
      body = [("To", draft.address), ("From", sender), ("Body", draft.text)]
        .map { "\($0)=\(Self.formEscaped($1))" }.joined(separator: "&")
    case .template(let pieces, let isJSON):
      body = pieces.map { piece in
        switch piece {
        case .text(let text): return text
        case .field(let name):
          let value = fields.first { $0.0 == name }?.1 ?? ""
          return isJSON ? Self.jsonEscaped(value) : Self.formEscaped(value)
        }
      }.joined()
    }
    return Array(body.utf8)
  }

  private static func template(_ text: String) throws(AdapterSettingsError) -> Shape {
    var pieces: [Piece] = []
    var used: Set<String> = []
    var rest = text[...]
    while let open = rest.firstRange(of: "{{") {
      pieces.append(.text(String(rest[..<open.lowerBound])))
      rest = rest[open.upperBound...]
      guard let close = rest.firstRange(of: "}}") else { break }
      let name = String(rest[..<close.lowerBound].trimmingBlanks)
      guard names.contains(name) else {
        throw AdapterSettingsError(
          key: "preset", problem: "no such placeholder: {{\(name.prefix(40))}}",
          remedy: "use " + names.map { "{{\($0)}}" }.joined(separator: ", "))
      }
      used.insert(name)
      pieces.append(.field(name))
      rest = rest[close.upperBound...]
    }
    pieces.append(.text(String(rest)))
    guard used.contains("to"), used.contains("text") else {
      throw AdapterSettingsError(
        key: "preset", problem: "neither json, form nor twilio, nor a template with {{to}} and {{text}}",
        remedy: "write \"json\", \"form\", \"twilio\" or a body template")
    }
    let first = text.first { !$0.isWhitespace }
    return .template(pieces, isJSON: first == "{" || first == "[")
  }

  private static func jsonEscaped(_ text: String) -> String {
    var output = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": output += "\\\(scalar)"
      case "\n": output += "\\n"
      case "\r": output += "\\r"
      case "\t": output += "\\t"
      case "\u{0}"..."\u{1f}":
        let digits = String(scalar.value, radix: 16)
        output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: output.unicodeScalars.append(scalar)
      }
    }
    return output
  }

  /// As browsers write forms (WHATWG URL 5.2), but a blank as `%20`, which every reader understands.
  private static func formEscaped(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var output: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "*"):
        output.append(byte)
      default: output += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: output, as: UTF8.self)
  }
}
