/// A certificate for `localhost` and 127.0.0.1 that signs itself: the test names it as the one to trust.
package final class Certificate: Sendable {
  private let folder: TemporaryDirectory

  package var file: String { folder.path("cert.pem") }
  package var key: String { folder.path("key.pem") }

  package init() async throws {
    folder = try TemporaryDirectory()
    try await runOrFail(
      "openssl",
      [
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
        "-keyout", key, "-out", file,
      ])
  }
}
