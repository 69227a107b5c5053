// The closed sets of `domain.md`. Each raw value is what stands in the database, on the wire and on the screen.

package enum PatientStatus: String, Sendable, CaseIterable { case active, inactive, deceased }

package enum Consent: String, Sendable, CaseIterable { case granted, unknown, stopped }

package enum ContactState: String, Sendable, CaseIterable { case ok, bounced, wrong }

/// Sending mode: in `trial` everything goes to a Maildir of the clinic's own.
package enum Mode: String, Sendable, CaseIterable { case trial, live }

package enum FollowUpStatus: String, Sendable, CaseIterable { case active, ended }

package enum OccurrenceStatus: String, Sendable, CaseIterable {
  case open, confirmed, completed, missed, cancelled

  /// Completed, missed and cancelled: nothing more is expected of it.
  package var isOver: Bool { self == .completed || self == .missed || self == .cancelled }
}

package enum Answer: String, Sendable, CaseIterable {
  case none, yes, no, rearrange
  case callMe = "call-me"
}

package enum AnswerVia: String, Sendable, CaseIterable {
  case phone
  case inPerson = "in-person"
  case reply, portal
}

/// Who caused a move or a cancellation: it decides whether the patient is owed a notice (R20) and an answer anew (R14).
package enum Cause: String, Sendable, CaseIterable { case clinic, patient }

package enum ReminderKind: String, Sendable, CaseIterable { case step, notice }

package enum ReminderState: String, Sendable, CaseIterable {
  case planned, deferred, held, claimed, waiting, uncertain
  case sent, dropped, superseded, expired, cancelled, handed, failed

  /// Final states never change, but `sent` → `failed` by a delivery receipt.
  package var isFinal: Bool {
    switch self {
    case .planned, .deferred, .held, .claimed, .waiting, .uncertain: false
    case .sent, .dropped, .superseded, .expired, .cancelled, .handed, .failed: true
    }
  }
}

package enum MessageState: String, Sendable, CaseIterable {
  case claimed, waiting, uncertain
  case sent, rejected, failed, cancelled, doubtful

  package var isFinal: Bool {
    switch self {
    case .claimed, .waiting, .uncertain: false
    case .sent, .rejected, .failed, .cancelled, .doubtful: true
    }
  }
}

package enum AttemptState: String, Sendable, CaseIterable {
  case claimed
  case delivered, retry, rejected, misconfigured, uncertain, withdrawn
}

package enum RecipientKind: String, Sendable { case patient, staff }

package enum HoldKind: String, Sendable, CaseIterable { case all, plan, patient, channel, backlog, clock, restored }

package enum TaskState: String, Sendable, CaseIterable { case open, taken, done, closed }

/// Why a person has work (R18).
package enum TaskReason: String, Sendable, CaseIterable {
  case noContact = "no-contact"
  case noConsent = "no-consent"
  case stopped, bounced
  case wrongNumber = "wrong-number"
  case noTemplate = "no-template"
  case callOnly = "call-only"
  case noPermittedTime = "no-permitted-time"
  case expired, late, budget
  case deliveryFailed = "delivery-failed"
  case uncertainDelivery = "uncertain-delivery"
  case unconfirmed, declined, rearrange
  case callMe = "call-me"
  case unreachable
  case noticeUndelivered = "notice-undelivered"
  case closed, backlog
  case noOutcome = "no-outcome"
  case notSent = "not-sent"
  case manual
}

/// A timed event that is no reminder.
package enum DeadlineKind: String, Sendable, CaseIterable {
  case escalation, ladder, horizon, unmarked, retention
  case holdEnd = "hold-end"
  case staffMessage = "staff-message"
  case task, digest
  case notSent = "not-sent"
  case auditHead = "audit-head"
}

/// Why a reminder was not sent, or not yet: the reasons of R12's table, of R10, and what an act cleared it by.
package enum Reason: String, Sendable, CaseIterable {
  // R12, in the order of its checks
  case deceased, inactive
  case moved, confirmed, declined, rearrange
  case callMe = "call-me"
  case unconfirmed, completed, missed, cancelled, open
  case expired
  case callOnly = "call-only"
  case held, closed, backlog, clock
  case noContact = "no-contact"
  case noConsent = "no-consent"
  case stopped, bounced
  case wrongNumber = "wrong-number"
  case noTemplate = "no-template"
  case notReviewed = "not-reviewed"
  case outsideHours = "outside-hours"
  case noPermittedTime = "no-permitted-time"
  case budget
  // R10
  case late
  case later
  case planChanged = "plan-changed"
  // outcomes
  case retry
  case deliveryFailed = "delivery-failed"
  case uncertainDelivery = "uncertain-delivery"
  case recomposed
  case withdrawn
  /// Its rows cannot be understood: a zone that does not exist, a plan that does not parse.
  case unreadable
  case droppedByStaff = "dropped-by-staff"
  case trial
  /// The destination of its channel takes nothing now (`delivery.md`, Retry).
  case paused
}
