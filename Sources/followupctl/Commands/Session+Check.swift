internal import FollowUpControl

extension Session {
  /// Prints the faults that a check found, `FILE:LINE: KEY: WHAT: WHAT TO DO`; 1 if there are any.
  func checked(_ reply: some Encodable, ok: Bool, checked: Int, faults: [Fault]) throws(CommandError) -> Int32 {
    switch format {
    case .json: try json(reply)
    case .ids: for fault in faults { console.out(SafeText.escaped(fault.file) + "\n") }
    case .text, .plain:
      for fault in faults {
        let place = fault.line.map { "\(fault.file):\($0)" } ?? fault.file
        let parts = [place, fault.key, fault.what, fault.hint].compactMap { $0 }.filter { !$0.isEmpty }
        console.out(SafeText.escaped(parts.joined(separator: ": ")) + "\n")
      }
      if ok { console.out("No fault in \(checked) \(checked == 1 ? "file" : "files").\n") }
    }
    return ok ? 0 : 1
  }
}
