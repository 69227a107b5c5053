extension Reason {
  /// What follows "because", in words that a receptionist understands.
  package var words: String {
    switch self {
    case .deceased: "the patient has died"
    case .inactive: "the patient is inactive"
    case .moved: "the visit was moved after this was planned"
    case .confirmed: "the patient has confirmed"
    case .declined: "the patient has declined"
    case .rearrange: "the patient asked for another time"
    case .callMe: "the patient asked for a call"
    case .unconfirmed: "the visit is not confirmed"
    case .completed: "the visit has taken place"
    case .missed: "the visit was missed"
    case .cancelled: "the visit was cancelled"
    case .open: "nobody has marked yet how the visit went"
    case .expired: "it is of no use any more"
    case .callOnly: "a person is to call, not a message to go"
    case .held: "sending is on hold"
    case .closed: "the visit falls into a closure"
    case .backlog: "too many were overdue at once, and staff decide"
    case .clock: "the machine's clock is not believed"
    case .noContact: "there is no address that a message could go to"
    case .noConsent: "nobody has recorded the patient's consent"
    case .stopped: "this address is to get no more messages"
    case .bounced: "messages to this address come back"
    case .wrongNumber: "the address is not this patient's"
    case .noTemplate: "there is no text in the patient's language or its fallback"
    case .notReviewed: "the text is not marked as reviewed"
    case .outsideHours: "it is outside contact hours where the patient is"
    case .noPermittedTime: "no contact hours are left before it is of no use"
    case .budget: "this address has had enough messages for now"
    case .late: "it was late, and the plan has its own rule for that"
    case .later: "a later reminder of the same visit took its place"
    case .planChanged: "the plan, the hours or the zone changed"
    case .retry: "the last try did not get through"
    case .deliveryFailed: "it could not be delivered"
    case .uncertainDelivery: "nobody knows whether it arrived, and it is not said twice"
    case .recomposed: "its text was written anew"
    case .withdrawn: "it was taken back before it left"
    case .unreadable: "its data cannot be read"
    case .droppedByStaff: "staff decided so"
    case .trial: "it belonged to the trial"
    case .paused: "the server of its channel does not answer"
    }
  }
}

extension ClearanceRecord {
  /// Every check's answer as it was found when the reminder was decided: for what is past, and for what waits since.
  package static func answers(of record: ClearanceRecord?) -> [CheckAnswer] {
    ClearanceCheck.allCases.map { check in
      let reason = record?.reason(of: check)
      return CheckAnswer(check: check, reason: reason, detail: reason?.words ?? "nothing spoke against it then")
    }
  }
}
