internal import CCurl

/// libcurl as a whole.
enum CurlLibrary {
  /// Touch it before the first handle: `curl_global_init` must run once, and this does so from any thread.
  static let isReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
}
