internal import CCurl

/// One libcurl easy handle, used by the thread that made it alone.
final class EasyHandle {
  let pointer: UnsafeMutableRawPointer
  private var lists: [UnsafeMutablePointer<curl_slist>] = []

  /// Nil when memory is short.
  init?() {
    guard CurlLibrary.isReady, let pointer = curl_easy_init() else { return nil }
    self.pointer = pointer
  }

  deinit {
    curl_easy_cleanup(pointer)
    for list in lists { curl_slist_free_all(list) }
  }

  /// Forgets all options, keeps connections and caches.
  func reset() {
    curl_easy_reset(pointer)
    for list in lists { curl_slist_free_all(list) }
    lists.removeAll()
  }

  /// A refused option would only weaken the handle silently: the callers gather refusals in `refused`.
  private(set) var refused: [UInt32] = []

  func set(_ option: CURLoption, _ value: Int) { note(option, followup_set_long(pointer, option, value)) }
  func set(_ option: CURLoption, _ value: String) { note(option, followup_set_string(pointer, option, value)) }
  func set(_ option: CURLoption, _ value: UnsafeMutableRawPointer) {
    note(option, followup_set_pointer(pointer, option, value))
  }
  func set(_ option: CURLoption, _ function: @escaping followup_data_function) {
    note(option, followup_set_data_function(pointer, option, function))
  }

  func set(_ option: CURLoption, _ values: [String]) {
    var list: UnsafeMutablePointer<curl_slist>?
    for value in values { list = curl_slist_append(list, value) }
    guard let list else { return }
    lists.append(list)
    note(option, followup_set_list(pointer, option, list))
  }

  /// What every handle of ours has: no signals, no proxies from the environment, current TLS.
  func setCommon(caFile: String?) {
    set(CURLOPT_NOSIGNAL, 1)
    // A resolver that hangs would keep the clean-up waiting for it.
    set(CURLOPT_QUICK_EXIT, 1)
    set(CURLOPT_PROXY, "")
    set(CURLOPT_NOPROXY, "*")
    set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    if let caFile {
      // The file takes the place of the system's bundle; the system's folder of certificates keeps these trusted.
      set(CURLOPT_CAINFO, caFile)
      set(CURLOPT_CAPATH, "/etc/ssl/certs")
    }
  }

  func long(_ info: CURLINFO) -> Int {
    var value = 0
    return followup_get_long(pointer, info, &value) == CURLE_OK ? value : 0
  }

  /// A time that libcurl tells in microseconds.
  func seconds(_ info: CURLINFO) -> Double {
    var value: curl_off_t = 0
    return followup_get_offset(pointer, info, &value) == CURLE_OK ? Double(value) / 1_000_000 : 0
  }

  /// The descriptor of the last connection; nil if there is none.
  var activeSocket: Int32? {
    var socket: curl_socket_t = -1
    return followup_get_socket(pointer, &socket) == CURLE_OK && socket >= 0 ? socket : nil
  }

  private func note(_ option: CURLoption, _ code: CURLcode) {
    if code != CURLE_OK { refused.append(option.rawValue) }
  }
}
