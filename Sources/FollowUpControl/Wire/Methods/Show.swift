/// Whatever an id names; exactly one of the fields is there.
package enum Show: ControlMethod {
  package static let name = "org.followupd.Show"
  package static let access = Access.staff

  package struct Request: StaffRequest, Equatable {
    package var id: String
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?

    package init(id: String) {
      self.id = id
    }
  }

  package struct Reply: Codable, Equatable, Sendable {
    /// The name of the field that is there.
    package var kind: String
    @Nullable package var patient: PatientView?
    @Nullable package var contact: ContactView?
    @Nullable package var followUp: FollowUpView?
    @Nullable package var reminder: ReminderView?
    @Nullable package var message: MessageView?
    @Nullable package var hold: HoldView?
    @Nullable package var task: TaskView?
    @Nullable package var plan: PlanView?
    /// What of it could not be read, a sentence each; nil: nothing.
    @Nullable package var warnings: [String]?

    package init(
      kind: String, patient: PatientView?, contact: ContactView?, followUp: FollowUpView?,
      reminder: ReminderView?, message: MessageView?, hold: HoldView?, task: TaskView?, plan: PlanView?,
      warnings: [String]? = nil
    ) {
      self.kind = kind
      self.patient = patient
      self.contact = contact
      self.followUp = followUp
      self.reminder = reminder
      self.message = message
      self.hold = hold
      self.task = task
      self.plan = plan
      self.warnings = warnings
    }
  }
}
