internal import ArgumentParser
internal import Synchronization

/// An address and where it stood on the command line: contacts rank in their order, whichever options give them.
struct RankedAddress: ExpressibleByArgument {
  private static let places = Atomic(0)

  let text: String
  let place: Int

  /// The parser reads from left to right.
  init(argument: String) {
    text = argument
    place = RankedAddress.places.add(1, ordering: .relaxed).newValue
  }
}
