internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpSystem

/// What `followupd` does with a configuration beside running on it.
package struct ConfigurationCommands: Sendable {
  private let file: String?
  private let reader: ConfigurationReader

  /// - Parameters:
  ///   - file: as `--config` names it; nil: the default file, else built-in defaults.
  ///   - environment: of the process.
  package init(file: String?, environment: [String: String]) {
    self.file = file
    reader = ConfigurationReader(zones: SystemZones(environment: environment))
  }

  /// The program's version, as `--version` prints it.
  package static var version: String { ProgramVersion.text }

  /// `--check-config`: what is right for standard output, each fault for standard error, and the exit code.
  package func check() -> (output: String, faults: String, exitCode: Int32) {
    do {
      let settings = try reader.read(file: file)
      let name = file ?? "the configuration"
      return (
        "\(name) is right: \(settings.channels.count) channels, \(settings.plans.count) plans, "
          + "\(settings.templates.all.count) templates, \(settings.delivery.mode.rawValue) mode", "", 0
      )
    } catch {
      return ("", error.description, 78)
    }
  }

  /// `--print-config`: the configuration in full as TOML, defaults included.
  package func print() -> (output: String, faults: String, exitCode: Int32) {
    do {
      return (ConfigurationPrinter.text(of: try reader.read(file: file)), "", 0)
    } catch {
      return ("", error.description, 78)
    }
  }
}
