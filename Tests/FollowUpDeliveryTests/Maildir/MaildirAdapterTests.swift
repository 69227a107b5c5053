import FollowUpCore
import Foundation
import Testing

@testable import FollowUpDelivery

@Suite struct MaildirAdapterTests {
  static let reader = """
    import sys, json, mailbox, email, email.policy
    box = mailbox.Maildir(sys.argv[1], create=False, factory=None)
    items, defects = [], []
    for key in sorted(box.keys()):
        m = email.message_from_bytes(box.get_bytes(key), policy=email.policy.default)
        for p in m.walk():
            defects += [repr(d) for d in p.defects]
            for k, v in p.items():
                defects += [k + repr(d) for d in getattr(v, "defects", [])]
            if not p.is_multipart():
                p.get_content()
                defects += [repr(d) for d in p.defects]
        items.append([m["to"], m["subject"], m["x-followup-channel"], m["message-id"]])
    print(json.dumps({"items": items, "defects": defects}))
    """

  @Test("Python's mailbox and email read back what was written, for every channel")
  func readBack() async throws {
    let folder = try TemporaryFolder()
    let adapter = try MaildirAdapter(MaildirSettings(path: folder.path("trial")))
    let drafts: [MessageDraft] = [
      .sample(identity: "a1"),
      .sample(
        identity: "a2", channel: "sms", address: "+15550100", subject: "", text: "Grüße 👩🏽‍⚕️\n.\nFrom x\n",
        calendar: MailComposerTests.entry),
      .sample(identity: "a3", channel: "wh ats/app", address: "??", subject: "مرحبا"),
    ]
    for draft in drafts {
      let message = try adapter.render(draft)
      #expect(await adapter.deliver(message) == .delivered(code: "written", gatewayID: nil))
    }
    adapter.stop(within: 5)
    let read = try await Program.python(Self.reader, arguments: [folder.path("trial")])
    #expect(read["defects"] as? [String] == [])
    #expect(
      read["items"] as? [[String]] == [
        ["mai@example.org", "Your appointment on Tuesday", "email", "<a1@localhost.invalid>"],
        ["15550100@sms.invalid", "", "sms", "<a2@localhost.invalid>"],
        ["unknown@whatsapp.invalid", "مرحبا", "wh ats/app", "<a3@localhost.invalid>"],
      ])
    let attributes = try FileManager.default.attributesOfItem(atPath: folder.path("trial/new"))
    #expect(attributes[.posixPermissions] as? Int == 0o700)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("trial/tmp")) == [])
  }

  @Test(
    "a repeated attempt finds the first, wherever a reader has put it", arguments: [nil, "", ":2,", ":2,S", ":2,FRS"])
  func twice(movedTo suffix: String?) async throws {
    let folder = try TemporaryFolder()
    let adapter = try MaildirAdapter(MaildirSettings(path: folder.path("box")))
    let message = try adapter.render(.sample(identity: "once"))
    #expect(await adapter.deliver(message).code == "written")
    if let suffix {
      try FileManager.default.moveItem(
        atPath: folder.path("box/new/once.followupd"), toPath: folder.path("box/cur/once.followupd\(suffix)"))
    }
    #expect(await adapter.deliver(message) == .delivered(code: "already-there", gatewayID: nil))
    adapter.stop(within: 5)
    let new = try FileManager.default.contentsOfDirectory(atPath: folder.path("box/new"))
    #expect(new == (suffix == nil ? ["once.followupd"] : []))
  }

  @Test("Promise 46: a refused permit writes nothing")
  func withdrawn() async throws {
    let folder = try TemporaryFolder()
    let adapter = try MaildirAdapter(MaildirSettings(path: folder.path("box")))
    #expect(await adapter.deliver(try adapter.render(.sample())) { false } == .withdrawn)
    adapter.stop(within: 5)
    #expect(!FileManager.default.fileExists(atPath: folder.path("box")))
    #expect(await adapter.deliver(try adapter.render(.sample())) == .withdrawn)
  }

  @Test("a path that cannot be is our own fault, and a full disk is not")
  func failures() async throws {
    let folder = try TemporaryFolder()
    try Data().write(to: folder.url.appendingPathComponent("file"))
    for path in [folder.path("file/box"), folder.path("none/box")] {
      let adapter = try MaildirAdapter(MaildirSettings(path: path))
      let outcome = await adapter.deliver(try adapter.render(.sample()))
      #expect(outcome == .misconfigured(Fault(code: "file-path", concernsDestination: true)))
      adapter.stop(within: 5)
    }
  }

  @Test(
    "each failure of the file system has its verdict",
    arguments: [
      (ENOSPC, "retry", "disk-full"), (EDQUOT, "retry", "disk-full"), (EIO, "retry", "file-error-5"),
      (EACCES, "misconfigured", "file-permission"), (EROFS, "misconfigured", "file-read-only"),
      (EMFILE, "retry", "no-descriptors"),
    ])
  func verdicts(number: Int32, word: String, code: String) {
    let outcome = MaildirWorker.outcome(Maildir.Failure(number: number))
    #expect(outcome.word == word)
    #expect(outcome.code == code)
    #expect(MaildirWorker.outcome(Maildir.Failure(number: number, mayBeThere: true)).word == "uncertain")
  }

  @Test(
    "Promise 30: an identity that is no file name is refused", arguments: ["", "../x", "a/b", ".x", "a\nb", "a:2,S"])
  func names(identity: String) async throws {
    let folder = try TemporaryFolder()
    let adapter = try MaildirAdapter(MaildirSettings(path: folder.path("box")))
    var message = RenderedMessage.sample()
    message.identity = identity
    #expect(await adapter.deliver(message).code == "bad-identity")
    adapter.stop(within: 5)
  }

  @Test(
    "settings at fault are named",
    arguments: [
      (MaildirSettings(path: "relative"), "path"), (MaildirSettings(path: "/tmp/x", from: "nobody"), "from"),
    ])
  func settings(settings: MaildirSettings, key: String) {
    #expect(#expect(throws: AdapterSettingsError.self) { try MaildirAdapter(settings) }?.key == key)
  }
}
