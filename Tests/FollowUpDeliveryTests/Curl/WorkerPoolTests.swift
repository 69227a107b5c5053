import Dispatch
import FollowUpCore
import Synchronization
import Testing

@testable import FollowUpDelivery

/// Who gets which job: none waits behind a slow one while a thread is on its way for it.
@Suite struct WorkerPoolTests {
  /// What the workers wait for, and what was seen of them.
  private final class Scene: Sendable {
    /// The thread of the job `slow` asks for one more job, so often.
    let asks = DispatchSemaphore(value: 0)
    let rounds: Int
    let mayStart = DispatchSemaphore(value: 0)
    let mayRest = DispatchSemaphore(value: 0)
    /// The jobs `slow` and `held` end.
    let mayEnd = DispatchSemaphore(value: 0)
    let resting = Counter()
    private let seen = Mutex<[String]>([])

    init(rounds: Int) { self.rounds = rounds }

    var log: [String] { seen.withLock { $0 } }
    func note(_ text: String) { seen.withLock { $0.append(text) } }
  }

  private final class Worker: PoolWorker {
    private let scene: Scene
    init(_ scene: Scene) { self.scene = scene }

    func work(_ job: DeliveryJob, next: () -> DeliveryJob?) {
      scene.note(job.message.address)
      if job.message.address == "slow" {
        for _ in 0..<scene.rounds {
          scene.asks.wait()
          scene.note("then \(next()?.message.address ?? "none")")
        }
      }
      if ["slow", "held"].contains(job.message.address) {
        scene.mayEnd.wait()
        scene.mayEnd.signal()
      }
    }

    func rest() {
      scene.resting.add()
      scene.mayRest.wait()
      scene.mayRest.signal()
    }
  }

  private static func job(_ name: String) -> DeliveryJob {
    DeliveryJob(message: .sample(address: name), permit: { true }, finished: { _ in })
  }

  @Test(
    "A busy thread takes no job for which another was started, but one that is left over", arguments: [false, true])
  func started(isLeftOver: Bool) async {
    let scene = Scene(rounds: 1)
    scene.mayRest.signal()
    let made = Counter()
    let pool = WorkerPool(limit: 2, idleSeconds: 60) { _ in
      made.add()
      if made.count > 1 { scene.mayStart.wait() }
      return Worker(scene)
    }
    pool.submit([Self.job("slow")])
    #expect(await eventually { scene.log == ["slow"] })
    pool.submit([Self.job("a")])
    if isLeftOver { pool.submit([Self.job("b")]) }
    scene.asks.signal()
    #expect(await eventually { scene.log.count == 2 })
    scene.mayStart.signal()
    #expect(await eventually { scene.log.count == 3 })
    #expect(scene.log == (isLeftOver ? ["slow", "then a", "b"] : ["slow", "then none", "a"]))
    scene.mayEnd.signal()
    pool.stop(within: 5)
  }

  @Test("A busy thread takes no job for which another was woken, but one that comes once that is busy, too")
  func woken() async {
    let scene = Scene(rounds: 2)
    let pool = WorkerPool(limit: 2, idleSeconds: 0.01) { _ in Worker(scene) }
    pool.submit([Self.job("slow")])
    #expect(await eventually { scene.log == ["slow"] })
    pool.submit([Self.job("a")])
    // A thread that gives up what it keeps is idle, and looks at the queue when it is done with that.
    #expect(await eventually { scene.resting.count == 1 })
    pool.submit([Self.job("held")])
    scene.asks.signal()
    #expect(await eventually { scene.log.count == 3 })
    scene.mayRest.signal()
    #expect(await eventually { scene.log.count == 4 })
    pool.submit([Self.job("b")])
    scene.asks.signal()
    #expect(await eventually { scene.log.count == 5 })
    #expect(scene.log == ["slow", "a", "then none", "held", "then b"])
    scene.mayEnd.signal()
    pool.stop(within: 5)
  }

  @Test("What is submitted at once wakes no more threads than it has jobs, and starts no more than are allowed")
  func atOnce() async {
    let scene = Scene(rounds: 0)
    let made = Counter()
    let pool = WorkerPool(limit: 3, idleSeconds: 60) { _ in
      made.add()
      return Worker(scene)
    }
    pool.submit([Self.job("held"), Self.job("held")])
    #expect(await eventually { scene.log.count == 2 })
    #expect(made.count == 2)
    pool.submit(["held", "held", "held", "held"].map(Self.job))
    #expect(await eventually { scene.log.count == 3 })
    #expect(made.count == 3)
    scene.mayEnd.signal()
    #expect(await eventually { scene.log.count == 6 })
    #expect(made.count == 3)
    pool.stop(within: 5)
  }

  @Test("After the stop what is submitted is withdrawn, all of it")
  func afterStop() {
    let pool = WorkerPool(limit: 2, idleSeconds: 60) { _ in Worker(Scene(rounds: 0)) }
    pool.stop(within: 1)
    let withdrawn = Counter()
    pool.submit(
      (0..<3).map { number in
        DeliveryJob(message: .sample(address: "\(number)"), permit: { true }) { outcome in
          if outcome == .withdrawn { withdrawn.add() }
        }
      })
    #expect(withdrawn.count == 3)
  }
}
