extension TaskReason {
  /// What a person is to do, in words that a receptionist understands.
  package var advice: String {
    switch self {
    case .noContact: "add an address that a message may go to, or call the patient"
    case .noConsent: "ask whether messages are welcome, and record the answer"
    case .stopped: "call the patient: no message may go to that address"
    case .bounced: "get the right address: messages to this one come back"
    case .wrongNumber: "get the right address: this one is somebody else's"
    case .noTemplate: "call the patient, and have a reviewed text written in the language"
    case .callOnly: "call the patient: no messages are wanted"
    case .noPermittedTime: "call the patient: there was no decent hour left for a message"
    case .expired: "call the patient: nothing was sent in time"
    case .late: "decide whether it is still to be said, and say it"
    case .budget: "call the patient: the address has had enough messages for now"
    case .deliveryFailed: "call the patient: nothing arrived; and get an address that works"
    case .uncertainDelivery: "ask whether the message arrived; if it did not, say what it says"
    case .unconfirmed: "call, and ask whether the patient comes: nobody has answered"
    case .declined: "cancel the visit, or offer another time"
    case .rearrange: "agree on another time, and move the visit"
    case .callMe: "call the patient back"
    case .unreachable: "find another way to the patient: calls were not answered"
    case .noticeUndelivered: "tell the patient of the change: the notice did not arrive"
    case .closed: "tell the patient that the clinic does not work that day"
    case .backlog: "look at what would go out, then release or drop it"
    case .noOutcome: "mark how these visits went"
    case .notSent: "look through what was not sent"
    case .manual: "see what was noted, and settle it"
    }
  }
}
