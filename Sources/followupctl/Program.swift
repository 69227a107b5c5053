internal import ArgumentParser
internal import FollowUpControl
internal import Glibc

/// One run of `followupctl`: words in, exit code out. What goes wrong on the way ends here, as one line.
struct Program {
  let words: Words
  let console: Console

  init(arguments: [String], console: Console) {
    words = Words(arguments)
    self.console = console
  }

  func run() -> Int32 {
    do {
      if words.wantsVersion {
        console.out("followupctl \(ProgramVersion.text)\n")
      } else if let topic = words.helpTopic {
        console.out(try Help.text(for: topic))
      } else if words.wantsHelp {
        console.out(Help.text(of: words.command))
      } else {
        return try perform()
      }
      return try console.finish()
    } catch {
      return report(error)
    }
  }

  private func perform() throws(CommandError) -> Int32 {
    let command: any ParsableCommand
    do {
      try words.check()
      command = try FollowUpCtl.parseAsRoot(words.forParser)
    } catch let error as CommandError {
      throw error
    } catch {
      // A completion script is, for the parser, an error with exit code 0.
      guard FollowUpCtl.exitCode(for: error) != .success else {
        console.out(FollowUpCtl.fullMessage(for: error) + "\n")
        return try console.finish()
      }
      throw UsageMessage.error(FollowUpCtl.message(for: error), words: words)
    }
    guard let verb = command as? any Verb else {
      throw .usage(words.path, "it needs to be told what to do", "see followupctl help \(words.path)")
    }
    let session = Session(path: words.path, options: verb.everywhere, console: console)
    let code = try verb.run(in: session)
    _ = try console.finish()
    return code
  }

  private func report(_ error: CommandError) -> Int32 {
    console.discard()
    console.err(words.wantsJSON ? error.json + "\n" : error.line + "\n")
    return error.exitCode
  }
}
