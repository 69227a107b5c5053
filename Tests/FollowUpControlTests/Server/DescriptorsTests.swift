import FollowUpSystem
import Glibc
import Testing

/// In a process of its own, since the limit is the process's.
@Suite struct DescriptorsTests {
  @Test("Promise 40: without descriptors the server neither ends nor spins, and serves again once there are some")
  func exhausted() async {
    await #expect(processExitsWith: .success) {
      try await TestServer.with { server in
        // Kept, so that its closing gives no descriptor back later.
        let first = try RawClient(path: server.path)
        first.write("{\"method\":\"org.followupd.Ping\"}\0")
        #expect(first.reply()?.contains("version") == true)
        var limit = rlimit(rlim_cur: 200, rlim_max: 200)
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        var taken: [Int32] = []
        while case let descriptor = open("/dev/null", O_RDONLY), descriptor >= 0 { taken.append(descriptor) }
        #expect(errno == EMFILE)
        // One for the client; none is left for the server's end.
        if let last = taken.popLast() { close(last) }
        let client = try RawClient(path: server.path)
        client.write("{\"method\":\"org.followupd.Ping\"}\0")
        var patience = timeval(tv_sec: 2, tv_usec: 0)
        setsockopt(client.descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let before = processorSeconds()
        #expect(client.reply() == "<timeout>")
        #expect(processorSeconds() - before < 0.4)
        taken.forEach { close($0) }
        #expect(client.reply()?.contains("version") == true)
        #expect(try server.ping())
        withExtendedLifetime(first) {}
      }
    }
  }
}

/// What this process has used.
private func processorSeconds() -> Double {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
}
