extension Priority {
  /// The priority of a stored rank.
  package init?(rank: Int) {
    guard let priority = Priority.allCases.first(where: { $0.rank == rank }) else { return nil }
    self = priority
  }
}
