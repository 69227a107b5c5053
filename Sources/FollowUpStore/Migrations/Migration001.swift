internal import GRDB

/// The first schema. Every closed set is complete from here on: later migrations take none of it away (`domain.md`, Data).
enum Migration001 {
  static func run(_ db: Database) throws {
    for statement in people + promises + sending + work + proof { try db.execute(sql: statement) }
  }

  /// Who is looked after, and how they may be reached. R15 reads `patient.status`, R16 `contact` and `stop`.
  private static let people = [
    """
    CREATE TABLE instance (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      uuid TEXT NOT NULL,
      mode TEXT NOT NULL CHECK (mode IN ('trial', 'live')),
      zone_data TEXT NOT NULL DEFAULT '',
      created_at INTEGER NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE patient (
      id INTEGER PRIMARY KEY,
      ref TEXT NOT NULL UNIQUE CHECK (length(ref) > 0),
      name TEXT NOT NULL CHECK (length(name) > 0),
      name_folded TEXT NOT NULL,
      called_name TEXT,
      born TEXT,
      language TEXT,
      zone TEXT,
      hours TEXT,
      call_only INTEGER NOT NULL DEFAULT 0 CHECK (call_only IN (0, 1)),
      status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'inactive', 'deceased')),
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      version INTEGER NOT NULL DEFAULT 1
    ) STRICT
    """,
    "CREATE INDEX patient_name ON patient (name_folded)",
    """
    CREATE TABLE contact (
      id INTEGER PRIMARY KEY,
      patient_id INTEGER NOT NULL REFERENCES patient (id),
      channel TEXT NOT NULL CHECK (length(channel) > 0),
      address TEXT NOT NULL,
      normalised TEXT NOT NULL,
      person TEXT NOT NULL DEFAULT 'self',
      rank INTEGER NOT NULL CHECK (rank > 0),
      consent TEXT NOT NULL CHECK (consent IN ('granted', 'unknown', 'stopped')),
      consent_source TEXT,
      consent_at INTEGER NOT NULL,
      state TEXT NOT NULL DEFAULT 'ok' CHECK (state IN ('ok', 'bounced', 'wrong')),
      bounced_on TEXT,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      removed_at INTEGER
    ) STRICT
    """,
    "CREATE UNIQUE INDEX contact_once ON contact (patient_id, channel, normalised) WHERE removed_at IS NULL",
    "CREATE INDEX contact_address ON contact (normalised)",
    // `address` is the normalised one; it goes at erasure, the keyed hash stays (R16).
    """
    CREATE TABLE stop (
      id INTEGER PRIMARY KEY,
      kind TEXT NOT NULL CHECK (kind IN ('stop', 'wrong')),
      channel TEXT NOT NULL,
      address TEXT,
      address_hash BLOB NOT NULL,
      key_id TEXT NOT NULL,
      source TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      lifted_at INTEGER
    ) STRICT
    """,
    "CREATE UNIQUE INDEX stop_once ON stop (channel, address_hash, kind) WHERE lifted_at IS NULL",
    """
    CREATE TABLE stop_exception (
      stop_id INTEGER NOT NULL REFERENCES stop (id),
      patient_id INTEGER NOT NULL REFERENCES patient (id),
      source TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      PRIMARY KEY (stop_id, patient_id)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE staff (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE,
      created_at INTEGER NOT NULL,
      absent_until INTEGER
    ) STRICT
    """,
  ]

  /// What was promised. R1: the civil time and its zone are the truth, `anchor_at` is derived from them.
  private static let promises = [
    """
    CREATE TABLE plan_version (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL,
      digest TEXT NOT NULL,
      definition TEXT NOT NULL,
      loaded_at INTEGER NOT NULL,
      UNIQUE (name, digest)
    ) STRICT
    """,
    """
    CREATE TABLE follow_up (
      id INTEGER PRIMARY KEY,
      patient_id INTEGER NOT NULL REFERENCES patient (id),
      plan TEXT NOT NULL,
      priority TEXT NOT NULL CHECK (priority IN ('urgent', 'soon', 'routine')),
      owner TEXT NOT NULL,
      clinician TEXT,
      note TEXT,
      civil TEXT NOT NULL,
      zone TEXT NOT NULL,
      rule TEXT,
      last_date TEXT,
      source TEXT,
      external_id TEXT,
      status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'ended')),
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      version INTEGER NOT NULL DEFAULT 1,
      CHECK ((source IS NULL) = (external_id IS NULL))
    ) STRICT
    """,
    "CREATE UNIQUE INDEX follow_up_external ON follow_up (source, external_id) WHERE source IS NOT NULL",
    "CREATE INDEX follow_up_patient ON follow_up (patient_id)",
    """
    CREATE TABLE occurrence (
      id INTEGER PRIMARY KEY,
      follow_up_id INTEGER NOT NULL REFERENCES follow_up (id),
      key TEXT NOT NULL,
      civil TEXT NOT NULL,
      zone TEXT NOT NULL,
      anchor_at INTEGER NOT NULL,
      revision INTEGER NOT NULL DEFAULT 1 CHECK (revision > 0),
      status TEXT NOT NULL DEFAULT 'open'
        CHECK (status IN ('open', 'confirmed', 'completed', 'missed', 'cancelled')),
      answer TEXT NOT NULL DEFAULT 'none' CHECK (answer IN ('none', 'yes', 'no', 'rearrange', 'call-me')),
      answered_at INTEGER,
      answer_via TEXT CHECK (answer_via IN ('phone', 'in-person', 'reply', 'portal')),
      answered_by TEXT,
      caused_by TEXT CHECK (caused_by IN ('clinic', 'patient')),
      cause_reason TEXT,
      told_civil TEXT,
      told_zone TEXT,
      told_revision INTEGER,
      told_at INTEGER,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      UNIQUE (follow_up_id, key)
    ) STRICT
    """,
    "CREATE INDEX occurrence_anchor ON occurrence (anchor_at)",
    // `intended_at` is the step's instant before R8, `planned_at` after it; deferral changes `wake_at` alone.
    """
    CREATE TABLE reminder (
      id INTEGER PRIMARY KEY,
      occurrence_id INTEGER NOT NULL REFERENCES occurrence (id),
      revision INTEGER NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('step', 'notice')),
      step TEXT NOT NULL,
      plan_version_id INTEGER REFERENCES plan_version (id),
      priority INTEGER NOT NULL CHECK (priority IN (0, 1, 2)),
      intended_at INTEGER NOT NULL,
      planned_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      wake_at INTEGER,
      state TEXT NOT NULL CHECK (state IN (
        'planned', 'deferred', 'held', 'claimed', 'waiting', 'uncertain',
        'sent', 'dropped', 'superseded', 'expired', 'cancelled', 'handed', 'failed')),
      reason TEXT,
      message_id INTEGER,
      task_id INTEGER,
      -- Staff let it go although it was overdue: no backlog holds it again (R11).
      is_released INTEGER NOT NULL DEFAULT 0 CHECK (is_released IN (0, 1)),
      updated_at INTEGER NOT NULL,
      UNIQUE (occurrence_id, revision, kind, step)
    ) STRICT
    """,
    "CREATE INDEX reminder_due ON reminder (priority, wake_at) WHERE wake_at IS NOT NULL",
    // Parked ones are not looked at again until something changes, or until they expire.
    """
    CREATE INDEX reminder_parked ON reminder (expires_at, state, wake_at)
      WHERE wake_at IS NULL AND state IN ('held', 'deferred')
    """,
    // Every other timed event. `subject` as a task's: `F-12@2026-12-01`, `H-3`, `M-7`, `clinic`.
    """
    CREATE TABLE deadline (
      id INTEGER PRIMARY KEY,
      kind TEXT NOT NULL CHECK (kind IN (
        'escalation', 'ladder', 'horizon', 'unmarked', 'retention', 'hold-end', 'staff-message', 'task', 'digest',
        'not-sent', 'audit-head')),
      subject TEXT NOT NULL,
      occurrence_id INTEGER REFERENCES occurrence (id),
      due_at INTEGER NOT NULL,
      wake_at INTEGER,
      UNIQUE (kind, subject)
    ) STRICT
    """,
    "CREATE INDEX deadline_due ON deadline (wake_at) WHERE wake_at IS NOT NULL",
    "CREATE INDEX deadline_occurrence ON deadline (occurrence_id) WHERE occurrence_id IS NOT NULL",
  ]

  /// What leaves. R13 counts `message` by address; `message_body` goes 30 days after the final state (R22).
  private static let sending = [
    """
    CREATE TABLE message (
      id INTEGER PRIMARY KEY,
      identity TEXT NOT NULL UNIQUE,
      message_header TEXT NOT NULL,
      recipient TEXT NOT NULL CHECK (recipient IN ('patient', 'staff')),
      patient_id INTEGER REFERENCES patient (id),
      contact_id INTEGER REFERENCES contact (id),
      channel TEXT NOT NULL,
      adapter TEXT NOT NULL,
      address TEXT,
      mode TEXT NOT NULL CHECK (mode IN ('trial', 'live')),
      language TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN (
        'claimed', 'waiting', 'uncertain', 'sent', 'rejected', 'failed', 'cancelled', 'doubtful')),
      reason TEXT,
      tries INTEGER NOT NULL DEFAULT 0,
      doubts INTEGER NOT NULL DEFAULT 0,
      gateway_id TEXT,
      first_try_at INTEGER,
      created_at INTEGER NOT NULL,
      sent_at INTEGER,
      delivered_at INTEGER,
      final_at INTEGER
    ) STRICT
    """,
    "CREATE INDEX message_address ON message (address, created_at) WHERE address IS NOT NULL",
    "CREATE INDEX message_gateway ON message (gateway_id) WHERE gateway_id IS NOT NULL",
    "CREATE INDEX message_final ON message (final_at) WHERE final_at IS NOT NULL",
    """
    CREATE INDEX message_pending ON message (state)
      WHERE state IN ('claimed', 'waiting', 'uncertain')
    """,
    """
    CREATE TABLE message_body (
      message_id INTEGER PRIMARY KEY REFERENCES message (id),
      subject TEXT NOT NULL,
      text TEXT NOT NULL,
      wire BLOB NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE message_reminder (
      message_id INTEGER NOT NULL REFERENCES message (id),
      reminder_id INTEGER NOT NULL REFERENCES reminder (id),
      PRIMARY KEY (message_id, reminder_id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX message_reminder_reminder ON message_reminder (reminder_id)",
    // `invocation` is the run of the daemon that claimed it; the finish is fenced by (message, n, invocation).
    """
    CREATE TABLE attempt (
      id INTEGER PRIMARY KEY,
      message_id INTEGER NOT NULL REFERENCES message (id),
      n INTEGER NOT NULL CHECK (n > 0),
      invocation TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN (
        'claimed', 'delivered', 'retry', 'rejected', 'misconfigured', 'uncertain', 'withdrawn')),
      code TEXT,
      detail TEXT,
      send_by INTEGER NOT NULL,
      claimed_at INTEGER NOT NULL,
      finished_at INTEGER,
      UNIQUE (message_id, n)
    ) STRICT
    """,
    "CREATE INDEX attempt_claimed ON attempt (id) WHERE state = 'claimed'",
    """
    CREATE TABLE hold (
      id INTEGER PRIMARY KEY,
      kind TEXT NOT NULL CHECK (kind IN ('all', 'plan', 'patient', 'channel', 'backlog', 'clock', 'restored')),
      subject TEXT,
      until INTEGER,
      reason TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      created_by TEXT NOT NULL,
      released_at INTEGER,
      released_by TEXT
    ) STRICT
    """,
    "CREATE INDEX hold_open ON hold (kind, subject) WHERE released_at IS NULL",
  ]

  /// What people do: R17-R20.
  private static let work = [
    """
    CREATE TABLE task (
      id INTEGER PRIMARY KEY,
      subject TEXT NOT NULL,
      reason TEXT NOT NULL CHECK (reason IN (
        'no-contact', 'no-consent', 'stopped', 'bounced', 'wrong-number', 'no-template', 'call-only',
        'no-permitted-time', 'expired', 'late', 'budget', 'delivery-failed', 'uncertain-delivery', 'unconfirmed',
        'declined', 'rearrange', 'call-me', 'unreachable', 'notice-undelivered', 'closed', 'backlog', 'no-outcome',
        'not-sent', 'manual')),
      patient_id INTEGER REFERENCES patient (id),
      occurrence_id INTEGER REFERENCES occurrence (id),
      priority INTEGER NOT NULL CHECK (priority IN (0, 1, 2)),
      owner TEXT NOT NULL,
      due_at INTEGER NOT NULL,
      state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'taken', 'done', 'closed')),
      taken_by TEXT,
      taken_at INTEGER,
      tried TEXT NOT NULL DEFAULT '[]',
      unanswered INTEGER NOT NULL DEFAULT 0,
      over_capacity INTEGER NOT NULL DEFAULT 0 CHECK (over_capacity IN (0, 1)),
      flagged INTEGER NOT NULL DEFAULT 0 CHECK (flagged IN (0, 1)),
      outcome TEXT CHECK (outcome IN (
        'confirmed', 'rescheduled', 'declined', 'reached', 'left-message', 'no-answer', 'wrong-number', 'stop',
        'deceased', 'other')),
      note TEXT,
      created_at INTEGER NOT NULL,
      closed_at INTEGER,
      closed_by TEXT
    ) STRICT
    """,
    "CREATE UNIQUE INDEX task_once ON task (subject, reason) WHERE state IN ('open', 'taken')",
    "CREATE INDEX task_triage ON task (priority, due_at) WHERE state IN ('open', 'taken')",
    "CREATE INDEX task_occurrence ON task (occurrence_id) WHERE occurrence_id IS NOT NULL",
    """
    CREATE TABLE closure (
      id INTEGER PRIMARY KEY,
      first_day TEXT NOT NULL,
      last_day TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('clinic', 'role', 'clinician')),
      subject TEXT,
      reason TEXT,
      tell INTEGER NOT NULL DEFAULT 0 CHECK (tell IN (0, 1)),
      created_at INTEGER NOT NULL,
      created_by TEXT NOT NULL,
      removed_at INTEGER,
      CHECK (last_day >= first_day)
    ) STRICT
    """,
  ]

  /// R21: the chained record of every change, the keys that it names, and what can be undone.
  private static let proof = [
    """
    CREATE TABLE key (
      id TEXT PRIMARY KEY,
      purpose TEXT NOT NULL CHECK (purpose IN ('audit', 'stop')),
      created_at INTEGER NOT NULL,
      retired_at INTEGER
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE audit (
      seq INTEGER PRIMARY KEY,
      at INTEGER NOT NULL,
      uid INTEGER NOT NULL,
      staff TEXT NOT NULL,
      verb TEXT NOT NULL,
      subject TEXT NOT NULL,
      fields TEXT NOT NULL,
      key_id TEXT NOT NULL REFERENCES key (id),
      hash BLOB NOT NULL
    ) STRICT
    """,
    "CREATE INDEX audit_subject ON audit (subject)",
    """
    CREATE TABLE change (
      id INTEGER PRIMARY KEY,
      audit_seq INTEGER NOT NULL REFERENCES audit (seq),
      verb TEXT NOT NULL,
      inverse TEXT,
      undone_at INTEGER
    ) STRICT
    """,
  ]
}
