/// The port through which a command takes back what is claimed but has not begun (R12, promise 46).
package protocol Withdrawing: Sendable {
  /// True if the message's first byte has not left and now never will for this claim; false if it has begun or is not claimed.
  func withdraw(message id: Int64) -> Bool
}
