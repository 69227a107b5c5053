internal import FollowUpCore
internal import Glibc

/// One thread's part of the `maildir` adapter.
final class MaildirWorker: PoolWorker {
  private let folder: Maildir
  private let signal: StopSignal

  init(folder: Maildir, signal: StopSignal) {
    self.folder = folder
    self.signal = signal
  }

  func work(_ job: DeliveryJob, next: () -> DeliveryJob?) { job.finished(outcome(of: job)) }

  func outcome(of job: DeliveryJob) -> Outcome {
    let name = job.message.identity
    guard !name.isEmpty, name.utf8.count <= 200,
      name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "/") }),
      !name.hasPrefix("."), !name.contains(":")
    else { return .rejected(Fault(code: "bad-identity")) }
    guard !signal.isSoft, job.permit() else { return .withdrawn }
    do {
      let isNew = try folder.add(Self.lineFeeds(job.message.body), name: "\(name).followupd")
      return .delivered(code: isNew ? "written" : "already-there", gatewayID: nil)
    } catch {
      return Self.outcome(error)
    }
  }

  func rest() {}

  static func outcome(_ failure: Maildir.Failure) -> Outcome {
    if failure.mayBeThere { return .uncertain(Fault(code: "file-sync")) }
    func fault(_ code: String) -> Fault { Fault(code: code, concernsDestination: true) }
    return switch failure.number {
    case ENOSPC, EDQUOT: .retry(after: nil, fault("disk-full"))
    case EMFILE, ENFILE: .retry(after: nil, fault("no-descriptors"))
    case EACCES, EPERM: .misconfigured(fault("file-permission"))
    case EROFS: .misconfigured(fault("file-read-only"))
    case ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG: .misconfigured(fault("file-path"))
    default: .retry(after: nil, fault("file-error-\(failure.number)"))
    }
  }

  /// Files on this system end their lines with LF.
  private static func lineFeeds(_ body: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(body.count)
    for index in body.indices where !(body[index] == 0x0d && index + 1 < body.count && body[index + 1] == 0x0a) {
      output.append(body[index])
    }
    return output
  }
}
