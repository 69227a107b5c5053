import FoundationEssentials
import Glibc

do {
  let program = try Program.parse()
  exit(await program.run(environment: ProcessInfo.processInfo.environment))
} catch {
  // One line and exit 64 for a mistake; help and version end with 0.
  let code = Program.exitCode(for: error)
  if code.rawValue == 0 { Program.exit(withError: error) }
  fputs("followupd: \(Program.message(for: error)): see 'followupd --help'\n", stderr)
  exit(64)
}
