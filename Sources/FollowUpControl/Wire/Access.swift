/// The rights of a caller, as the table in the control protocol has them. `inbound` stands alone.
package enum Access: String, Sendable, CaseIterable {
  case anyone
  case monitor
  case inbound
  case staff
  case admin
}
