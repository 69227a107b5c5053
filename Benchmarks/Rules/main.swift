import Foundation

/// `rules-bench pure ROUNDS`, `rules-bench make FOLDER`, `rules-bench plan FOLDER ROUNDS`, `rules-bench seek SMALL LARGE
/// ROUNDS`, `rules-bench list SMALL LARGE ROUNDS`, `rules-bench update FOLDER FOLDER COUNT ROUNDS`: each prints one JSON
/// object of figures, which `bench.py` sets beside their goals.
let arguments = CommandLine.arguments.dropFirst()
guard let verb = arguments.first, let rounds = arguments.last.flatMap({ Int($0) ?? (verb == "make" ? 0 : nil) }) else {
  FileHandle.standardError.write(Data("rules-bench pure|make|plan|seek|list|update …: see scripts/bench\n".utf8))
  exit(64)
}
let folders = arguments.dropFirst().filter { Int($0) == nil }

var figures: [String: Double] = [:]
switch (verb, folders.count) {
case ("pure", 0):
  figures.merge(try TimeFigures().measure(rounds: rounds)) { $1 }
  figures.merge(try DecisionFigures().measure(rounds: rounds)) { $1 }
case ("make", 1): try StoreFigures.make(folders[0])
case ("plan", 1): figures = try PlanningFigures(folder: folders[0]).measure(rounds: rounds)
case ("seek", 2), ("list", 2):
  figures = try StoreFigures.compare(
    small: folders[0], large: folders[1], rounds: rounds, verb == "seek" ? StoreFigures.seek : StoreFigures.list)
case ("update", 2):
  let count = arguments.dropLast().last.flatMap { Int($0) } ?? 0
  figures = try UpdateFigures.measure(store: folders[0], raw: folders[1], rounds: rounds, count: count)
default: exit(64)
}
let encoder = JSONEncoder()
encoder.outputFormatting = [.sortedKeys]
print(String(decoding: try encoder.encode(figures), as: UTF8.self))
