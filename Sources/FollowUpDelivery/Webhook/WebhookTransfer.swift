internal import CCurl
internal import FollowUpCore
internal import Glibc

/// One request on its way: what libcurl's callbacks note, and the verdict in the end. Lives on the loop's thread.
final class WebhookTransfer {
  private static let mostBody = 20_480
  private static let mostHeaders = 65_536

  let job: DeliveryJob
  let handle: EasyHandle
  private let plan: WebhookPlan
  private let signal: StopSignal

  /// The permit was given and the request may have left.
  private(set) var hasBegun = false
  private var wasRefused = false
  private var blockedRange: String?
  private var hasTriedAddress = false

  private var status: Int?
  private var hasWholeHeader = false
  private var retryAfter: String?
  private var headerBytes = 0
  private var body: [UInt8] = []

  init(_ job: DeliveryJob, handle: EasyHandle, plan: WebhookPlan, signal: StopSignal) {
    self.job = job
    self.handle = handle
    self.plan = plan
    self.signal = signal
  }

  /// Sets up the handle; false if libcurl refused an option. The transfer must outlive the request.
  func prepare() -> Bool {
    plan.apply(to: handle, message: job.message)
    let context = Unmanaged.passUnretained(self).toOpaque()
    handle.set(CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
      guard let bytes, let context else { return 0 }
      let transfer = Unmanaged<WebhookTransfer>.fromOpaque(context).takeUnretainedValue()
      return transfer.takeHeader(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
    }
    handle.set(CURLOPT_HEADERDATA, context)
    handle.set(CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
      guard let bytes, let context else { return 0 }
      let transfer = Unmanaged<WebhookTransfer>.fromOpaque(context).takeUnretainedValue()
      return transfer.takeBody(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
    }
    handle.set(CURLOPT_WRITEDATA, context)
    guard
      followup_set_socket_function(
        handle.pointer,
        { context, _, address in
          guard let context, let address else { return CURL_SOCKET_BAD }
          return Unmanaged<WebhookTransfer>.fromOpaque(context).takeUnretainedValue().open(address)
        }) == CURLE_OK,
      followup_set_prereq_function(
        handle.pointer,
        { context, _, _, _, _ in
          guard let context else { return CURL_PREREQFUNC_ABORT }
          let transfer = Unmanaged<WebhookTransfer>.fromOpaque(context).takeUnretainedValue()
          return transfer.begin() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
        }) == CURLE_OK
    else { return false }
    handle.set(CURLOPT_OPENSOCKETDATA, context)
    handle.set(CURLOPT_PREREQDATA, context)
    return handle.refused.isEmpty
  }

  /// The verdict once libcurl is done with the request.
  func outcome(_ result: CURLcode) -> Outcome {
    guard hasBegun else { return outcomeOfNothingSent(result) }
    if let answer { return answer }
    switch result {
    case CURLE_OPERATION_TIMEDOUT: return .uncertain(Fault(code: "timeout"))
    case CURLE_WRITE_ERROR:
      return .uncertain(Fault(code: "http-headers", detail: "the header of the answer never ended"))
    case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY: return .uncertain(Fault(code: "protocol"))
    default: return .uncertain(Fault(code: "connection-lost", detail: ConnectFault.detail(result)))
    }
  }

  /// The verdict of a request that the daemon's stop cut short.
  func outcomeOfStop() -> Outcome { hasBegun ? answer ?? .uncertain(Fault(code: "stopped")) : .withdrawn }

  /// A status with its whole header is the server's word, whatever becomes of the rest.
  private var answer: Outcome? {
    guard let status, hasWholeHeader else { return nil }
    let isTaken = (200...299).contains(status)
    let text =
      isTaken
      ? ""
      : ReplyText.redacted(String(decoding: body.prefix(2000), as: UTF8.self), addresses: [job.message.address])
    let pause = retryAfter.flatMap { RetryAfter.seconds($0, now: plan.now()) }
    let id = isTaken && !body.isEmpty ? GatewayID.find(plan.responseID, in: body) : nil
    return WebhookVerdict.outcome(status: status, pause: pause, gatewayID: id, detail: text)
  }

  private func outcomeOfNothingSent(_ result: CURLcode) -> Outcome {
    if wasRefused { return .withdrawn }
    if let blockedRange, !hasTriedAddress {
      return .misconfigured(
        Fault(
          code: "address-blocked", detail: "the address lies in the range \(blockedRange)", concernsDestination: true))
    }
    let fault = Fault(
      code: ConnectFault.code(result, handle: handle), detail: ConnectFault.detail(result), concernsDestination: true)
    switch result {
    case CURLE_SSL_CACERT_BADFILE, CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT, CURLE_NOT_BUILT_IN:
      return .misconfigured(fault)
    default: return .retry(after: nil, fault)
    }
  }

  private func begin() -> Bool {
    // libcurl repeats a request by itself when a kept connection dies under it; the first one may have been read.
    if hasBegun { return false }
    guard !signal.isSoft, job.permit() else {
      wasRefused = true
      return false
    }
    hasBegun = true
    return true
  }

  private func open(_ address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
    let about = address.pointee
    let offset = MemoryLayout<curl_sockaddr>.offset(of: \.addr) ?? 0
    let raw = UnsafeRawPointer(address).advanced(by: offset)
    guard let target = IPAddress(raw, length: Int(about.addrlen)) else { return CURL_SOCKET_BAD }
    if let range = plan.policy.refusal(of: target) {
      blockedRange = range
      return CURL_SOCKET_BAD
    }
    hasTriedAddress = true
    return socket(about.family, about.socktype | Int32(SOCK_CLOEXEC.rawValue), about.protocol)
  }

  private func takeHeader(_ bytes: UnsafeRawBufferPointer) -> Bool {
    headerBytes += bytes.count
    guard headerBytes <= Self.mostHeaders else { return false }
    var line = Substring(String(decoding: bytes, as: UTF8.self))
    while let last = line.unicodeScalars.last, last == "\r" || last == "\n" { line.unicodeScalars.removeLast() }
    if line.hasPrefix("HTTP/") {
      status = line.split(separator: " ").dropFirst().first.flatMap { Int($0) }
      retryAfter = nil
    } else if line.isEmpty {
      if let status, status >= 200 { hasWholeHeader = true }
    } else if let colon = line.firstIndex(of: ":"), line[..<colon].lowercased() == "retry-after" {
      retryAfter = String(line[line.index(after: colon)...])
    }
    return true
  }

  /// False ends the transfer: what has been read is enough.
  private func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
    body.append(contentsOf: bytes.prefix(Self.mostBody - body.count))
    return body.count < Self.mostBody
  }
}
