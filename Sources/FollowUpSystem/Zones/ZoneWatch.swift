internal import CSystemd
internal import Dispatch
internal import Glibc
internal import Synchronization

/// Tells that files of a zoneinfo folder may have been replaced, without polling (R3): inotify on the folder, on those
/// within, and on the folder that it lies in, where a link to another one would change.
package final class ZoneWatch: Sendable {
  private struct State {
    var source: (any DispatchSourceRead)?
    /// The watch of the folder that holds ours: of what happens there only our own name matters.
    var parent: Int32 = -1
    /// Counts the events, so that a pause is one without any.
    var events: UInt64 = 0
    /// Until when a burst may keep us waiting.
    var latest: DispatchTime?
  }

  private let folder: String
  private let onChange: @Sendable () -> Void
  private let queue = DispatchQueue(label: "followupd.zones")
  private let state = Mutex(State())

  /// A package manager renames hundreds of files, one after the other: it is told of once, after this pause.
  private static let pause = DispatchTimeInterval.milliseconds(300)
  /// The longest that a burst keeps us waiting.
  private static let longest = DispatchTimeInterval.seconds(3)

  /// - Parameter onChange: called on a queue of the watch's own, once a burst; whether anything changed is for it to find out.
  package init(folder: String, onChange: @escaping @Sendable () -> Void) {
    self.folder = folder
    self.onChange = onChange
  }

  deinit { state.withLock { $0.source?.cancel() } }

  /// Without inotify nothing is told: the look at the watchdog's beat remains.
  package func start() {
    let descriptor = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
    guard descriptor >= 0 else { return }
    watch(descriptor)
    state.withLock { state in
      let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
      source.setEventHandler { [weak self] in self?.drain(descriptor) }
      source.setCancelHandler { close(descriptor) }
      state.source?.cancel()
      state.source = source
      source.activate()
    }
  }

  package func stop() {
    state.withLock { state in
      state.source?.cancel()
      state.source = nil
    }
  }

  /// Adds what is not watched yet: folders come and go. One that is watched already is the same watch again.
  private func watch(_ descriptor: Int32) {
    let changes =
      UInt32(IN_CLOSE_WRITE) | UInt32(IN_MOVED_TO) | UInt32(IN_MOVED_FROM) | UInt32(IN_DELETE) | UInt32(IN_CREATE)
      | UInt32(IN_DELETE_SELF) | UInt32(IN_MOVE_SELF) | UInt32(IN_ONLYDIR)
    let parent = folder.lastIndex(of: "/").map { $0 == folder.startIndex ? "/" : String(folder[..<$0]) } ?? "."
    let within = ZoneNames(folder: folder).folders.map { "\(folder)/\($0)" }
    for path in [folder] + within { _ = inotify_add_watch(descriptor, path, changes) }
    let watched = inotify_add_watch(descriptor, parent, changes)
    state.withLock { $0.parent = watched }
  }

  private func drain(_ descriptor: Int32) {
    let parent = state.withLock { $0.parent }
    var buffer = [UInt8](repeating: 0, count: 16_384)
    var matters = false
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      guard count > 0 else { break }
      matters = isOurs(buffer[..<count], parent: parent) || matters
    }
    if matters { noteEvent(descriptor) }
  }

  /// Whether any of the events concerns the folder or what it holds (inotify(7): watch, mask, cookie, length, name).
  private func isOurs(_ events: ArraySlice<UInt8>, parent: Int32) -> Bool {
    let own = Array((folder.split(separator: "/").last ?? "").utf8)
    var rest = events
    while rest.count >= 16 {
      func word(_ offset: Int) -> UInt32 {
        rest.dropFirst(offset).prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
      }
      let name = rest.dropFirst(16).prefix(Int(word(12))).prefix { $0 != 0 }
      if Int32(truncatingIfNeeded: word(0)) != parent || name.elementsEqual(own) { return true }
      rest = rest.dropFirst(16 + Int(word(12)))
    }
    return false
  }

  private func noteEvent(_ descriptor: Int32) {
    let (event, isFirst) = state.withLock { state in
      state.events += 1
      let isFirst = state.latest == nil
      if isFirst { state.latest = .now() + Self.longest }
      return (state.events, isFirst)
    }
    queue.asyncAfter(deadline: .now() + Self.pause) { [weak self] in self?.settle(event, descriptor, isLast: false) }
    if isFirst {
      queue.asyncAfter(deadline: .now() + Self.longest) { [weak self] in self?.settle(event, descriptor, isLast: true) }
    }
  }

  /// Tells, if nothing came since `event`, or the burst has lasted too long.
  private func settle(_ event: UInt64, _ descriptor: Int32, isLast: Bool) {
    let isDue = state.withLock { state in
      guard state.source != nil, let latest = state.latest else { return false }
      guard isLast ? latest <= .now() : state.events == event else { return false }
      state.latest = nil
      return true
    }
    guard isDue else { return }
    watch(descriptor)
    onChange()
  }
}
