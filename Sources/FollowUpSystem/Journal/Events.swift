internal import Logging

/// Every event, each with its own MESSAGE_ID. `systemd/followupd.catalog` explains them one by one; a test holds both
/// together. An event that is no longer used keeps its line, so that old journals stay explained.
extension Event {
  /// READY=1 was sent.
  package static let started = Event(
    id: "7d4aa3c4369f352817a7b42797741a93", name: "started", level: .notice,
    sentence: "followupd {VERSION} is ready in mode {MODE}")
  /// Everything in flight is recorded.
  package static let stopped = Event(
    id: "c342770656aa1ce2122606e865939838", name: "stopped", level: .notice,
    sentence: "followupd has stopped")
  /// A reload took effect.
  package static let configReloaded = Event(
    id: "73a471a7f5c9d48555c4ef3e92aef9c3", name: "config-reloaded", level: .notice,
    sentence: "the configuration was read anew")
  /// A start or a reload met a faulty configuration.
  package static let configRefused = Event(
    id: "265a139442d456805058bca0b3201604", name: "config-refused", level: .warning,
    sentence: "the configuration is refused, faults: {COUNT}")
  /// A reload met what only a start can change.
  package static let reloadNeedsRestart = Event(
    id: "2858eae7caef62b913cc2170b7b507f0", name: "reload-needs-restart", level: .warning,
    sentence: "a change of {CONFIG_KEY} takes effect only after a restart")
  /// A peer accepted a message.
  package static let messageSent = Event(
    id: "e434f0378c99c8a069f18832d897f72a", name: "message-sent", level: .info,
    sentence: "message {MESSAGE_REF} is sent by {CHANNEL}")
  /// A peer asked to come back later.
  package static let messageRetry = Event(
    id: "3bbcd9e7e779d2ec26c64831999f8a1f", name: "message-retry", level: .info,
    sentence: "message {MESSAGE_REF} waits for another try by {CHANNEL}: {REASON}")
  /// A peer refused an address for good.
  package static let messageRejected = Event(
    id: "9edda5cbaece416f915ba4b148ee110e", name: "message-rejected", level: .warning,
    sentence: "message {MESSAGE_REF} is rejected by {CHANNEL}: {REASON}")
  /// An address was refused so that it is not written to any more.
  package static let contactBounced = Event(
    id: "f4bfd57e1b7d395b6fdf08544019d355", name: "contact-bounced", level: .warning,
    sentence: "an address for {CHANNEL} is not written to any more: {REASON}")
  /// A message could not be delivered before its reminder became useless.
  package static let messageFailed = Event(
    id: "445d72869a96d5184375c70e7210f62a", name: "message-failed", level: .warning,
    sentence: "message {MESSAGE_REF} failed by {CHANNEL}: {REASON}")
  /// The connection or the daemon died between acceptance and record.
  package static let messageUncertain = Event(
    id: "bdafb0e33d28eefec8cac0002d3bf984", name: "message-uncertain", level: .warning,
    sentence: "whether message {MESSAGE_REF} left by {CHANNEL} is not known")
  /// A peer says later that a message arrived.
  package static let receiptDelivered = Event(
    id: "70f4851380c077ae22005c1eb45738ab", name: "receipt-delivered", level: .info,
    sentence: "message {MESSAGE_REF} has arrived, by a receipt of {CHANNEL}")
  /// A peer says later that a message did not arrive.
  package static let receiptFailed = Event(
    id: "a2ca1f55e733c73e2b6317173942e3a2", name: "receipt-failed", level: .warning,
    sentence: "message {MESSAGE_REF} did not arrive, by a receipt of {CHANNEL}: {REASON}")
  /// A peer refuses us, not an address.
  package static let channelHeld = Event(
    id: "2c390641fd530c2f1da4d55fdbadd954", name: "channel-held", level: .error,
    sentence: "channel {CHANNEL} is held: {REASON}")
  /// A destination does not take connections.
  package static let channelPaused = Event(
    id: "55c33531eb2833e3b63a6f2959f47fd8", name: "channel-paused", level: .warning,
    sentence: "channel {CHANNEL} is paused, the next probe is at {UNTIL}: {REASON}")
  /// A pause or a hold of a channel ended.
  package static let channelResumed = Event(
    id: "47fddcacb6f5e965be639a26aae69698", name: "channel-resumed", level: .notice,
    sentence: "channel {CHANNEL} sends again")
  /// Sending is paused for some or all.
  package static let holdRaised = Event(
    id: "d627c5cca187f076864f7b18f0b71b5d", name: "hold-raised", level: .warning,
    sentence: "hold {HOLD_ID} pauses sending: {REASON}")
  /// A hold ended.
  package static let holdReleased = Event(
    id: "00e80b41b5ccea3fb5e880b25998bf74", name: "hold-released", level: .notice,
    sentence: "hold {HOLD_ID} is released")
  /// R6: the wall clock cannot be right.
  package static let clockNotBelieved = Event(
    id: "85f95fb9205fd8e3ff00b03dcb3101ae", name: "clock-not-believed", level: .error,
    sentence: "the clock is not believed: {REASON}")
  /// R6: the hold of the clock ended.
  package static let clockBelieved = Event(
    id: "2583935251b4ceb400823551034a88fb", name: "clock-believed", level: .notice,
    sentence: "the clock is believed again")
  /// R3: zoneinfo was updated.
  package static let zonesChanged = Event(
    id: "5a64cc2c1316f702aa7bcb18fdbe831c", name: "zones-changed", level: .notice,
    sentence: "the rules of the zone files changed, their version is {VERSION}, reminders moved: {COUNT}")
  /// Promise 18: the clinic's own zone is gone or damaged.
  package static let zonesUnusable = Event(
    id: "a1d49f4f4313c2ea76852192b655b449", name: "zones-unusable", level: .warning,
    sentence: "the zone files cannot be used, those read before stay in force: {REASON}")
  /// Promise 18: a zone that rows name is gone or damaged.
  package static let zoneUnreadable = Event(
    id: "23afd23e04f4fdf9ec8dcc95cd36badb", name: "zone-unreadable", level: .warning,
    sentence: "dates whose time zone cannot be read: {COUNT}")
  /// Promise 33: one row means nothing; the others go on.
  package static let rowUnreadable = Event(
    id: "4ad04ff0e5bd20937df2e8bbd8d85ccf", name: "row-unreadable", level: .warning,
    sentence: "a row of the database cannot be read: {ROW_ID}")
  /// A plan in use cannot vanish.
  package static let planMissing = Event(
    id: "208cc0d778b71da3ddba62d7d906c53a", name: "plan-missing", level: .warning,
    sentence: "{CONFIG_KEY} is not in the configuration, but active follow-ups use it: {COUNT}")
  /// What a machine may not or cannot send goes to people.
  package static let remindersHanded = Event(
    id: "8d058b23c8c6b024168c69e4309a0517", name: "reminders-handed", level: .warning,
    sentence: "a reminder became a task for staff: {REASON}")
  /// R11: too many at once to send without asking.
  package static let backlogHeld = Event(
    id: "4bb6b444c68df0bccff986b326081aa3", name: "backlog-held", level: .error,
    sentence: "overdue reminders are held for a decision: {COUNT}")
  /// A patient is lost within two hours.
  package static let patientLostSoon = Event(
    id: "983fd310d4323922f8b2656b9985e262", name: "patient-lost-soon", level: .error,
    sentence: "follow-up {FOLLOWUP_ID} becomes useless at {UNTIL} unless someone acts: {REASON}")
  /// Promise 8: nothing is done with doubtful rows.
  package static let databaseDamaged = Event(
    id: "a7066a1751292fe65065c29e1aad9d17", name: "database-damaged", level: .error,
    sentence: "the database {FILE_PATH} is damaged")
  /// Promise 12: an older program was started.
  package static let databaseNewer = Event(
    id: "d99b66a4d11e65d767fd239f5bb5b7a8", name: "database-newer", level: .error,
    sentence: "the database has schema {SCHEMA}, newer than this program")
  /// Promise 9: a backup was put back.
  package static let databaseRestored = Event(
    id: "c5fee67b1805063a8f219d90971c568c", name: "database-restored", level: .error,
    sentence: "the database is older than its audit head: hold {HOLD_ID}")
  /// Promise 5: a claim that cannot be recorded is not made.
  package static let diskLow = Event(
    id: "2a6be0f6e5bfa2041eb1fcddeab602d4", name: "disk-low", level: .error,
    sentence: "the disk is nearly full: no new message is begun")
  /// Promise 5: there is room again.
  package static let diskEnough = Event(
    id: "4c8277dfac3812bf4b2b0abee858f434", name: "disk-enough", level: .notice,
    sentence: "the disk has room again: messages are begun")
  /// Promise 4: what cannot be claimed is not sent.
  package static let databaseRefuses = Event(
    id: "b5d6a5855eac215ca1a5aabacdd98864", name: "database-refuses", level: .error,
    sentence: "the database cannot be written: {REASON}: nothing is sent")
  /// Promise 4: the database was opened anew and takes work again.
  package static let databaseWorks = Event(
    id: "3f94052db7665ee89c7ada7457f496db", name: "database-works", level: .notice,
    sentence: "the database can be written again")
  /// Promise 7.
  package static let stateDirectoryUnwritable = Event(
    id: "327e332a92e17f9a79f80db00b208fe0", name: "state-directory-unwritable", level: .error,
    sentence: "{FILE_PATH} cannot be written")
  /// Promise 10.
  package static let anotherInstance = Event(
    id: "b47da3cba8c83bf751e77ca85a35f04c", name: "another-instance", level: .error,
    sentence: "another followupd holds {FILE_PATH}")
  /// A peer asked for what it may not have, or broke a limit.
  package static let refused = Event(
    id: "d6f8463b09430861d47c3ed92ef4e456", name: "refused", level: .notice,
    sentence: "user {ACTOR_UID} was refused: {REASON}")
  /// Promise 34.
  package static let limitReached = Event(
    id: "db25658d9ac65f2f562857e9b5259c75", name: "limit-reached", level: .notice,
    sentence: "user {ACTOR_UID} reached a limit of the control socket: {REASON}")
  /// What was found after a kill or a power cut.
  package static let recovered = Event(
    id: "881985bc079307e8a470e47683ac2f71", name: "recovery", level: .notice,
    sentence: "after an unclean stop, messages found in flight: {COUNT}")
  /// A plan, the configuration or the zones changed.
  package static let replanned = Event(
    id: "7f350a99988e1f2dad90f51e6f1d3ac1", name: "replanned", level: .notice,
    sentence: "reminders are planned anew, {COUNT}: {REASON}")
  /// Written daily, so that a truncated chain shows.
  package static let auditHead = Event(
    id: "4f504cb5d0b083d15795a9a46c99db7e", name: "audit-head", level: .info,
    sentence: "the audit chain stands at {AUDIT_SEQUENCE} {AUDIT_HASH}")
  /// Promise 39: the watchdog is not told without progress.
  package static let watchdogLate = Event(
    id: "7bd86fdf5ed45c48a6bfab89af572858", name: "watchdog-late", level: .warning,
    sentence: "no progress for {SECONDS} s")
  /// A fault of the program itself.
  package static let internalError = Event(
    id: "72b60d1d03640640cf8f5f00b89790c9", name: "internal-error", level: .error,
    sentence: "something failed that should not: {REASON}")
  /// Promise 41: a stopped journald does not stop the daemon.
  package static let linesLost = Event(
    id: "b29eb7bad7ad00389c78bc7d15ffee61", name: "lines-lost", level: .warning,
    sentence: "lines of the journal are lost: {COUNT}")

  package static let all: [Event] = [
    .started, .stopped, .configReloaded, .configRefused, .reloadNeedsRestart, .messageSent, .messageRetry,
    .messageRejected, .messageFailed, .messageUncertain, .channelHeld, .channelPaused, .channelResumed, .holdRaised,
    .holdReleased, .clockNotBelieved, .clockBelieved, .zonesChanged, .remindersHanded, .backlogHeld,
    .patientLostSoon, .databaseDamaged, .databaseNewer, .databaseRestored, .diskLow, .stateDirectoryUnwritable,
    .anotherInstance, .refused, .limitReached, .recovered, .replanned, .auditHead, .watchdogLate, .internalError,
    .linesLost, .zonesUnusable, .zoneUnreadable, .planMissing, .rowUnreadable,
    .receiptDelivered, .receiptFailed, .contactBounced,
    .diskEnough, .databaseRefuses, .databaseWorks,
  ]
}
