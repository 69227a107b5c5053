import FollowUpControl
import Foundation
import Support
import Testing

@Suite struct PublicClientTests {
  @Test("The public Varlink client of PyPI lists the interface, calls Ping, and sees typed errors")
  func python() async throws {
    let program = """
      import sys, json, varlink
      with varlink.Client.new_with_address("unix:" + sys.argv[1]) as client:
          info = client.get_interface("org.varlink.service")
          with client.open("org.varlink.service") as service:
              about = service.GetInfo()
              text = service.GetInterfaceDescription("org.followupd")["description"]
          with client.open("org.followupd") as followup:
              ping = followup.Ping()
              try:
                  followup.GetStatus()
                  error = None
              except varlink.VarlinkError as e:
                  error = e.error()
          print(json.dumps({"about": about, "text": text, "ping": ping, "error": error}))
      """
    try await TestServer.with { server in
      let process = Process()
      process.executableURL = URL(filePath: Repository.python)
      process.arguments = ["-c", program, server.path]
      let pipe = Pipe()
      process.standardOutput = pipe
      try process.run()
      let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)

      struct Answer: Decodable {
        struct About: Decodable {
          var vendor: String
          var product: String
          var version: String
          var url: String
          var interfaces: [String]
        }
        struct Ping: Decodable { var version: String }
        var about: About
        var text: String
        var ping: Ping
        var error: String?
      }
      let answer = try JSONDecoder().decode(Answer.self, from: data)
      #expect(answer.about.vendor == "followupd")
      #expect(answer.about.product == "followupd")
      #expect(answer.about.version == "1.2.3")
      #expect(answer.about.interfaces == ["org.varlink.service", "org.followupd"])
      #expect(answer.text.contains("interface org.followupd"))
      #expect(answer.ping.version == "1")
      #expect(answer.error == "org.varlink.service.MethodNotFound")
    }
  }
}
