internal import CCurl
internal import FollowUpCore
internal import Glibc

/// Why a connection could not be made ready: nothing of any message has left.
enum ConnectFault {
  /// The stable code of libcurl's verdict and what stands behind it.
  static func code(_ result: CURLcode, handle: EasyHandle) -> String {
    switch result {
    case CURLE_COULDNT_RESOLVE_HOST: "no-such-host"
    case CURLE_COULDNT_CONNECT: refusal(Int32(truncatingIfNeeded: handle.long(CURLINFO_OS_ERRNO)))
    case CURLE_OPERATION_TIMEDOUT: "connect-timeout"
    case CURLE_PEER_FAILED_VERIFICATION: certificate(handle.long(CURLINFO_SSL_VERIFYRESULT))
    case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_SSL_SHUTDOWN_FAILED: "tls-failed"
    case CURLE_SSL_CACERT_BADFILE: "ca-file"
    case CURLE_USE_SSL_FAILED: "tls-missing"
    case CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_GOT_NOTHING: "connection-lost"
    case CURLE_OUT_OF_MEMORY: "no-memory"
    default: "curl-\(result.rawValue)"
    }
  }

  /// libcurl's own words, which name no patient.
  static func detail(_ result: CURLcode) -> String { String(cString: curl_easy_strerror(result)) }

  private static func refusal(_ number: Int32) -> String {
    switch number {
    case ECONNREFUSED: "connect-refused"
    case EHOSTUNREACH, ENETUNREACH, EADDRNOTAVAIL: "no-route"
    case ETIMEDOUT: "connect-timeout"
    case EMFILE, ENFILE: "no-descriptors"
    default: "connect-failed"
    }
  }

  /// OpenSSL's X509_V_ERR numbers: 9 and 10 are the dates, 62 to 64 the name.
  ///
  /// libcurl compares the name first, and leaves 0 or 1 ("unspecified") when that alone fails.
  private static func certificate(_ verdict: Int) -> String {
    switch verdict {
    case 0, 1, 62...64: "tls-host"
    case 9, 10: "tls-expired"
    default: "tls-certificate"
    }
  }
}
