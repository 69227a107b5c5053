internal import CCurl
internal import FollowUpCore
internal import Glibc

/// One connection to the mail server, past greeting, TLS, EHLO and AUTH, which libcurl does; the rest is ours to say.
final class SMTPConnection: SMTPLink {
  /// Why no connection stands.
  struct Failure: Error {
    let outcome: Outcome
  }

  private let handle: EasyHandle
  private let socket: Int32
  private let signal: StopSignal
  private var reader = SMTPReplyReader()
  private var chunk = [UInt8](repeating: 0, count: 4096)
  let pipelines: Bool
  var isUsed = false

  /// - Parameter trace: hears of each stage, for `channel test`.
  init(
    _ plan: SMTPConnectPlan, signal: StopSignal, until deadline: ContinuousClock.Instant, trace: ConnectTrace? = nil
  ) throws(Failure) {
    guard let handle = EasyHandle() else {
      throw Failure(outcome: .retry(after: nil, Fault(code: "no-memory")))
    }
    let greeting = SMTPGreeting()
    if let fault = plan.apply(to: handle, secondsLeft: Deadline.seconds(until: deadline)) {
      throw Failure(outcome: .misconfigured(fault))
    }
    handle.set(CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
      guard let bytes, let context else { return 0 }
      let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
      Unmanaged<SMTPGreeting>.fromOpaque(context).takeUnretainedValue().take(line)
      return size * count
    }
    handle.set(CURLOPT_HEADERDATA, Unmanaged.passUnretained(greeting).toOpaque())
    _ = followup_set_progress_function(handle.pointer) { context, _, _, _, _ in
      guard let context else { return 0 }
      return Unmanaged<StopSignal>.fromOpaque(context).takeUnretainedValue().isSoft ? 1 : 0
    }
    handle.set(CURLOPT_XFERINFODATA, Unmanaged.passUnretained(signal).toOpaque())
    handle.set(CURLOPT_NOPROGRESS, 0)
    guard handle.refused.isEmpty else {
      throw Failure(outcome: .misconfigured(Fault(code: "curl-options", detail: "libcurl lacks an option")))
    }
    trace?.listen(to: handle)
    let result = withExtendedLifetime(greeting) { curl_easy_perform(handle.pointer) }
    trace?.take(handle)
    guard result == CURLE_OK, let socket = handle.activeSocket else {
      throw Failure(outcome: greeting.outcome(result, handle: handle))
    }
    guard !plan.logsIn || greeting.isLoggedIn else { throw Failure(outcome: greeting.outcomeWithoutLogin) }
    self.handle = handle
    self.socket = socket
    self.signal = signal
    pipelines = greeting.offers("PIPELINING")
  }

  func send(
    _ bytes: [UInt8], until deadline: ContinuousClock.Instant, heed level: StopLevel, remaining: inout Int
  ) throws(SMTPLinkError) {
    remaining = bytes.count
    while remaining > 0 {
      var sent = 0
      let result = bytes.withUnsafeBytes { buffer in
        curl_easy_send(handle.pointer, buffer.baseAddress?.advanced(by: bytes.count - remaining), remaining, &sent)
      }
      remaining -= sent
      switch result {
      case CURLE_OK: continue
      case CURLE_AGAIN: try wait(for: Int16(POLLOUT), until: deadline, heed: level)
      default: throw .closed
      }
    }
  }

  func reply(until deadline: ContinuousClock.Instant, heed level: StopLevel) throws(SMTPLinkError) -> SMTPReply {
    while true {
      do {
        if let reply = try reader.next() { return reply }
      } catch {
        throw .garbled
      }
      var received = 0
      let result = chunk.withUnsafeMutableBytes { buffer in
        curl_easy_recv(handle.pointer, buffer.baseAddress, buffer.count, &received)
      }
      switch result {
      case CURLE_OK where received > 0:
        reader.append(chunk[..<received])
        guard Deadline.seconds(until: deadline) > 0 else { throw .timedOut }
      case CURLE_AGAIN: try wait(for: Int16(POLLIN), until: deadline, heed: level)
      default: throw .closed
      }
    }
  }

  func isQuiet() -> Bool {
    guard reader.isEmpty else { return false }
    var received = 0
    let result = chunk.withUnsafeMutableBytes { buffer in
      curl_easy_recv(handle.pointer, buffer.baseAddress, buffer.count, &received)
    }
    if result == CURLE_OK { reader.append(chunk[..<received]) }
    // That it has hung up is met by what is sent next.
    return result != CURLE_OK || received == 0
  }

  func quit() {
    var sent = 0
    let farewell = Array("QUIT\r\n".utf8)
    _ = farewell.withUnsafeBytes { curl_easy_send(handle.pointer, $0.baseAddress, $0.count, &sent) }
  }

  private func wait(
    for events: Int16, until deadline: ContinuousClock.Instant, heed level: StopLevel
  ) throws(SMTPLinkError) {
    var watched = [
      pollfd(fd: socket, events: events, revents: 0),
      pollfd(fd: level == .soft ? signal.soft : signal.hard, events: Int16(POLLIN), revents: 0),
    ]
    while true {
      let left = Deadline.seconds(until: deadline)
      guard left > 0 else { throw .timedOut }
      let ready = poll(&watched, 2, Int32((left * 1000).rounded(.up)))
      if ready < 0, errno != EINTR { throw .closed }
      if watched[0].revents != 0 { return }
      if watched[1].revents != 0 { throw .stopped }
    }
  }
}

/// Which call to stop a wait heeds: before the content any, from then on only the last.
enum StopLevel {
  case soft, hard
}

/// Timeouts on the monotonic clock.
enum Deadline {
  static func after(_ seconds: Double) -> ContinuousClock.Instant { ContinuousClock.now + .seconds(seconds) }

  static func seconds(until deadline: ContinuousClock.Instant) -> Double {
    let (seconds, attoseconds) = (deadline - ContinuousClock.now).components
    return Double(seconds) + Double(attoseconds) / 1e18
  }
}
