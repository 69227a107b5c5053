import FollowUpSystem
import Glibc
import Testing

/// In processes of their own, since the environment is the process's.
@Suite struct NotifierTests {
  @Test("Each state is told as sd_notify(3) spells it")
  func spelling() async {
    await #expect(processExitsWith: .success) {
      let manager = DatagramSocket()
      setenv("NOTIFY_SOCKET", manager.path, 1)
      let notifier = Notifier()
      #expect(notifier.tell(.ready, .status("mode live\nWATCHDOG=1")))
      #expect(manager.text() == "READY=1\nSTATUS=mode live WATCHDOG=1")
      #expect(notifier.tell(.stopping))
      #expect(manager.text() == "STOPPING=1")
      #expect(notifier.tell(.watchdog))
      #expect(manager.text() == "WATCHDOG=1")
      #expect(notifier.tell(.reloading))
      let text = manager.text()
      let prefix = "RELOADING=1\nMONOTONIC_USEC="
      #expect(text.hasPrefix(prefix))
      #expect(UInt64(text.dropFirst(prefix.count)) ?? 0 > 0)
    }
  }

  @Test("Promise 44: without NOTIFY_SOCKET, or with one that is gone, nobody is told and nothing breaks")
  func alone() async {
    await #expect(processExitsWith: .success) {
      unsetenv("NOTIFY_SOCKET")
      unsetenv("WATCHDOG_USEC")
      let notifier = Notifier()
      #expect(!notifier.tell(.ready))
      #expect(notifier.watchdogMicroseconds == nil)
      setenv("NOTIFY_SOCKET", "/proc/none/notify", 1)
      #expect(!notifier.tell(.ready))
    }
  }

  @Test("The watchdog's interval is taken only if it is meant for this process")
  func watchdog() async {
    await #expect(processExitsWith: .success) {
      let notifier = Notifier()
      setenv("WATCHDOG_USEC", "30000000", 1)
      setenv("WATCHDOG_PID", "\(getpid())", 1)
      #expect(notifier.watchdogMicroseconds == 30_000_000)
      setenv("WATCHDOG_PID", "1", 1)
      #expect(notifier.watchdogMicroseconds == nil)
      setenv("WATCHDOG_PID", "\(getpid())", 1)
      setenv("WATCHDOG_USEC", "soon", 1)
      #expect(notifier.watchdogMicroseconds == nil)
    }
  }
}
