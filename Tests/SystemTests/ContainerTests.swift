import Support
import Testing

/// What a clinic's machine does: systemd as PID 1, the programs installed by `scripts/install`.
@Suite(.serialized) struct ContainerTests {
  @Test("A container boots with systemd as its first process, and runs a sandboxed service")
  func boots() async throws {
    try await withContainer { container in
      #expect(try await container("cat /proc/1/comm") == "systemd")
      try await container("systemd-run --wait --quiet -p DynamicUser=yes -p ProtectSystem=strict true")
    }
  }

  @Test("Installed, activated by its socket, sandboxed; a reminder goes out, the journal tells and explains it")
  func service() async throws {
    try await withContainer { container in
      try await install(in: container)
      try await container("systemctl enable --now followupd.socket")
      #expect(try await container.attempt("systemctl is-active followupd.service").standardOutput == "inactive\n")

      // The first connection starts the service; the answer comes once it is ready.
      try await container("followupctl ping")
      #expect(try await container("systemctl is-active followupd.service") == "active")
      #expect(try await container("systemctl show -P NRestarts followupd.service") == "0")
      #expect(try await container("stat -c %U /proc/$(\(Self.mainPID))") == "followupd")
      #expect(try await container("stat -c '%a %U' /var/lib/followupd") == "700 followupd")
      #expect(try await container("stat -c '%a' /run/followupd/control.sock") == "666")
      try await container("systemd-analyze security --threshold=20 --no-pager followupd.service")
      try await container("systemd-analyze verify followupd.service followupd.socket followupd@north.service")

      try await container("followupctl patient add p1 --name 'Secret Person' --email secret.person@example.org")
      let made = try JSON(parsing: try await container("followupctl --json add p1 --due \(Visit.inAnHour)"))
      let id = try #require(made["id"].string)
      try await eventually("it arrives at the sink", seen: { "" }) {
        try await container.attempt("grep -l secret.person@example.org /var/tmp/sink/*").code == 0
      }

      var entries: [JSON] = []
      try await eventually("the journal tells of it") {
        entries = try await container("journalctl --sync; journalctl -b -o json -t followupd")
          .split(separator: "\n").map { try JSON(parsing: String($0)) }
        return entries.contains { $0["FOLLOWUP_ID"].string?.hasPrefix(id) == true && $0["OUTCOME"].exists }
      }
      let told = try #require(entries.first { $0["OUTCOME"].exists })
      for field in ["MESSAGE_ID", "MESSAGE_REF", "CHANNEL", "ADAPTER", "ATTEMPT", "OUTCOME"] {
        #expect(told[field].exists, "\(field) in \(told)")
      }
      #expect(told["_SYSTEMD_UNIT"].string == "followupd.service")
      for entry in entries {
        if let explained = entry["MESSAGE_ID"].string { try await container("journalctl --list-catalog \(explained)") }
      }
      #expect(try await container("journalctl -b -x -t followupd").contains("Subject: "))
      #expect(try await container.attempt("journalctl -b | grep -i 'secret.person\\|Secret Person'").code == 1)

      try await container("systemctl reload followupd.service")
      #expect(try await container("systemctl is-active followupd.service") == "active")
      try await container("echo nonsense >>/etc/followupd/followupd.toml")
      #expect(try await container.attempt("systemctl reload followupd.service").code != 0)
      #expect(try await container("systemctl is-active followupd.service") == "active")
      try await container("followupctl status")

      try await container("systemctl stop followupd.socket followupd.service")
      #expect(try await container("systemctl show -P Result followupd.service") == "success")
      #expect(try await container("systemctl show -P ExecMainStatus followupd.service") == "0")

      // The configuration is still broken: a start is refused with 78, and not tried again.
      #expect(try await container.attempt("systemctl start followupd.service").code != 0)
      #expect(try await container("systemctl show -P ExecMainStatus followupd.service") == "78")
      #expect(try await container("systemctl show -P NRestarts followupd.service") == "0")
    }
  }

  @Test("Promise 39: the watchdog restarts a daemon that was stopped by SIGSTOP")
  func watchdog() async throws {
    try await withContainer { container in
      try await install(in: container)
      try await container.write(
        "/etc/systemd/system/followupd.service.d/test.conf", "[Service]\nWatchdogSec=2\nTimeoutAbortSec=2\n")
      try await container("systemctl daemon-reload && systemctl start followupd.service")
      try await container("followupctl patient add p1 --name 'Patient 1' --email p1@example.org")
      let first = try await container(Self.mainPID)
      try await container("kill -STOP \(first)")
      try await eventually("another process is ready", within: .seconds(40)) {
        let now = try await container(Self.mainPID)
        let state = try await container.attempt("systemctl is-active followupd.service").standardOutput
        return now != first && now != "0" && state == "active\n"
      }
      #expect(try await container("systemctl show -P NRestarts followupd.service") == "1")
      #expect(try await container("followupctl --json patient show p1").contains("p1"))
    }
  }

  @Test("A second instance has its own socket, state and configuration")
  func instance() async throws {
    try await withContainer { container in
      try await install(in: container)
      try await container("cp -r /etc/followupd /etc/followupd-north && systemctl start followupd@north.service")
      try await container("systemctl start followupd.service")
      try await container("followupctl -i north patient add n1 --name 'Patient 1'")
      #expect(try await container.attempt("followupctl patient show n1").code == 66)
      #expect(try await container("stat -c '%a %U' /var/lib/followupd-north") == "700 followupd")
      try await container("systemctl stop followupd@north.service followupd@north.socket")
      try await container("followupctl ping")
    }
  }

  @Test("Staff of the groups may do what their group may, and others may ping")
  func groups() async throws {
    try await withContainer { container in
      try await install(in: container)
      try await container("useradd -G followup ana; useradd -G followup-monitor mona; useradd nobody2")
      try await container("systemctl start followupd.service")
      try await container("setpriv --reuid ana --regid ana --init-groups followupctl patient add p1 --name 'Patient 1'")
      try await container("setpriv --reuid mona --regid mona --init-groups followupctl status")
      try await container("setpriv --reuid nobody2 --regid nobody2 --init-groups followupctl ping")
      let refused = try await container.attempt(
        "setpriv --reuid mona --regid mona --init-groups followupctl --json patient list")
      #expect(refused.code == 77, "\(refused)")
      #expect(try JSON(parsing: refused.standardError)["code"].string == "not-permitted")
      #expect(refused.standardError.contains("followup"), "it says which group")
      let stranger = try await container.attempt(
        "setpriv --reuid nobody2 --regid nobody2 --init-groups followupctl status")
      #expect(stranger.code == 77, "\(stranger)")
    }
  }

  private static let mainPID = "systemctl show -P MainPID followupd.service"

  /// Installs as the README says, with the release programs, and lets the clinic send to a sink in the container.
  private func install(in container: Container) async throws {
    try await container("/src/scripts/install --bin-dir /src/.build/release")
    try await container("test -e /etc/followupd/followupd.toml")
    var clinic = ClinicFile()
    clinic.email(port: 2525)
    try await container.write("/etc/followupd/followupd.toml", clinic.text)
    for (name, text) in clinic.plans { try await container.write("/etc/followupd/plans.d/\(name).toml", text) }
    try await container("mkdir -p -m 777 /var/tmp/sink")
    try await container(
      "systemd-run --quiet --unit sink -p WorkingDirectory=/var/tmp/sink smtp-sink -u nobody -d '%%s-' 127.0.0.1:2525 100"
    )
    // Started is not yet listening, and what is refused waits minutes for another try.
    try await eventually("the sink accepts") {
      try await container.attempt("exec 3<>/dev/tcp/127.0.0.1/2525").code == 0
    }
  }
}

/// `scripts/install` into a tree, as a package is made.
@Suite struct InstallTests {
  @Test("DESTDIR and PREFIX: every path is theirs, and an edited configuration stays")
  func intoATree() async throws {
    let tree = try TemporaryDirectory()
    let arguments = ["--bin-dir", ProgramUnderTest.folder, "--destdir", tree.path, "--prefix", "/usr"]
    try await runOrFail(Repository.path("scripts/install"), arguments)
    for file in [
      "usr/bin/followupd", "usr/bin/followupctl", "usr/lib/systemd/system/followupd.service",
      "usr/lib/systemd/system/followupd.socket", "usr/lib/systemd/system/followupd@.service",
      "usr/lib/sysusers.d/followupd.conf", "usr/lib/tmpfiles.d/followupd.conf",
      "usr/lib/systemd/catalog/followupd.catalog", "usr/share/doc/followupd/README.md",
      "usr/share/doc/followupd/LICENSE", "usr/share/bash-completion/completions/followupctl",
      "usr/share/zsh/vendor-completions/_followupctl", "usr/share/fish/vendor_completions.d/followupctl.fish",
      "etc/followupd/followupd.toml",
    ] {
      #expect(tree.size(of: file) > 0, "\(file)")
    }
    for program in ["followupd", "followupctl"] {
      let version = try await runOrFail(tree.path("usr/bin/\(program)"), ["--version"])
      #expect(version.hasPrefix("\(program) "), "it runs after strip(1)")
    }
    let unit = try tree.read("usr/lib/systemd/system/followupd.service")
    #expect(unit.contains("ExecStart=/usr/bin/followupd "))
    #expect(!unit.contains("/usr/local"))

    try tree.write("etc/followupd/followupd.toml", "# edited\n")
    try await runOrFail(Repository.path("scripts/install"), arguments)
    #expect(try tree.read("etc/followupd/followupd.toml") == "# edited\n")
  }

  @Test("Wrong arguments are refused before anything is written", arguments: ["--nonsense", "--prefix", "relative"])
  func refused(argument: String) async throws {
    let arguments = argument == "relative" ? ["--prefix", "relative"] : [argument]
    let finished = try await run(Repository.path("scripts/install"), arguments)
    #expect(finished.code == 64, "\(finished)")
  }
}
