internal import FollowUpControl

/// A verb's way to the daemon and back to the reader.
final class Session {
  enum Format {
    case text, plain, json, ids
  }

  /// The verb with its noun, for errors.
  let path: String
  let options: Everywhere
  let console: Console
  private var client: ControlClient?

  init(path: String, options: Everywhere, console: Console) {
    self.path = path.isEmpty ? "status" : path
    self.options = options
    self.console = console
  }

  var format: Format {
    options.quiet ? .ids : options.json ? .json : options.plain ? .plain : .text
  }

  var paint: Paint { Paint(on: console.showsColour && !options.noColor && format == .text) }

  /// Seconds that the daemon may take to answer: a monitor wants to know, a change may wait for a foreign writer.
  private static func patience(for method: String) -> Int { method == Ping.name || method == GetStatus.name ? 10 : 150 }

  /// What is named on the command line goes before the environment.
  func socket() throws(CommandError) -> String {
    if let socket = options.socket { return socket }
    let environment = console.environment
    if options.instance == nil, let socket = environment["FOLLOWUPD_SOCKET"], !socket.isEmpty { return socket }
    let instance = options.instance ?? environment["FOLLOWUPD_INSTANCE"] ?? ""
    if instance.isEmpty, options.instance == nil { return "/run/followupd/control.sock" }
    guard !instance.isEmpty, instance.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) })
    else {
      throw .usage("instance \(instance)", "it is not a name", "use letters, digits, - and _")
    }
    return "/run/followupd-\(instance)/control.sock"
  }

  /// Calls a method.
  /// - Parameter choose: puts a ref into the request, in place of a WHO that several patients answer to; asked for
  ///   only on a terminal.
  func call<M: ControlMethod>(
    _ method: M.Type, _ request: M.Request, choose: ((inout M.Request, String) -> Void)? = nil
  ) throws(CommandError) -> M.Reply {
    var request = request
    if var staffRequest = request as? any StaffRequest {
      staffRequest.actingAs = options.actingAs
      if let filled = staffRequest as? M.Request { request = filled }
    }
    do {
      return try send(method, request)
    } catch {
      guard error.code == "ambiguous", let choose, console.isInteractive, format == .text || format == .plain,
        let ref = try ask(error)
      else { throw error }
      choose(&request, ref)
      return try send(method, request)
    }
  }

  /// Calls a method that changes something: asks first where the daemon wants it confirmed. Nil when nobody agreed. Where
  /// nobody can be asked, what has a way back is done all the same.
  func act<M: ControlMethod>(
    _ method: M.Type, _ request: M.Request, choose: ((inout M.Request, String) -> Void)? = nil
  ) throws(CommandError) -> M.Reply? where M.Request: ActingRequest {
    var request = request
    if options.dryRun { request.dryRun = true }
    if options.yes { request.confirmed = true }
    var chosen: String?
    let reply = try call(method, request) { request, ref in
      chosen = ref
      choose?(&request, ref)
    }
    guard !options.dryRun, !options.yes, let preview = (reply as? any ActingReply)?.preview else { return reply }
    guard console.isInteractive, format == .text || format == .plain else {
      if preview.optional == true {
        request.confirmed = true
        return try call(method, request, choose: nil)
      }
      throw .usage(
        path, "it would touch \(preview.count == 1 ? "one thing" : "\(preview.count) things") and must be confirmed",
        "look with --dry-run, then add --yes")
    }
    show(preview)
    guard let answer = try console.ask(SafeText.escaped(preview.question) + " [y/N] "),
      ["y", "yes"].contains(answer.lowercased())
    else {
      console.out("Nothing was changed.\n")
      return nil
    }
    if let chosen { choose?(&request, chosen) }
    request.confirmed = true
    return try call(method, request, choose: nil)
  }

  func show(_ preview: Preview) {
    for line in preview.lines { console.out(SafeText.escaped(line) + "\n") }
  }

  /// IDs as typed; `-` stands for those on standard input, one or more a line.
  func ids(_ words: [Word]) throws(CommandError) -> [String] {
    var ids: [String] = []
    for word in words {
      guard word.text == "-" else {
        ids.append(word.text)
        continue
      }
      let text = String(decoding: console.readAll(), as: UTF8.self)
      ids += text.split(whereSeparator: \.isWhitespace).map(String.init)
    }
    guard !ids.isEmpty || words.isEmpty else {
      throw .usage(path, "standard input held no ids", "give them one a line")
    }
    return ids
  }

  private func send<M: ControlMethod>(_ method: M.Type, _ request: M.Request) throws(CommandError) -> M.Reply {
    let socket = try socket()
    let bytes: [UInt8]
    do {
      let parameters = try WireJSON.encode(request)
      let client = try client ?? ControlClient(path: socket, timeout: Session.patience(for: M.name))
      self.client = client
      bytes = try client.call(M.name, parameters: parameters)
    } catch let error as ClientError {
      throw CommandError(error, verb: path, method: M.name, socket: socket)
    } catch {
      throw .usage(path, "the request cannot be written", "use text in UTF-8")
    }
    do {
      return try WireJSON.decode(M.Reply.self, from: bytes)
    } catch {
      throw CommandError(
        code: "internal", exitCode: 70, what: path, why: "the daemon's answer cannot be read",
        hint: "use the followupctl of the daemon's version")
    }
  }

  /// A numbered choice between those who may be meant; nil when none was taken.
  private func ask(_ error: CommandError) throws(CommandError) -> String? {
    guard let candidates = error.candidates, !candidates.isEmpty else { return nil }
    console.out(SafeText.escaped("\(error.what): \(error.why)") + "\n")
    for (number, candidate) in candidates.enumerated() {
      let text = candidate.text.map { "  " + SafeText.isolated($0) } ?? ""
      console.out("  \(number + 1)  \(SafeText.escaped(candidate.id))\(text)\n")
    }
    guard let answer = try console.ask("Which one? [1-\(candidates.count)] "), let number = Int(answer),
      candidates.indices.contains(number - 1)
    else { return nil }
    return candidates[number - 1].id
  }
}
