/// What `org.varlink.service.GetInfo` tells of the daemon.
package struct ServiceIdentity: Sendable, Hashable {
  package var vendor: String
  package var product: String
  package var version: String
  package var url: String

  package init(
    vendor: String = "followupd", product: String = "followupd", version: String,
    url: String = "https://example.org/followupd"
  ) {
    self.vendor = vendor
    self.product = product
    self.version = version
    self.url = url
  }
}
