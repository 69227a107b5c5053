-- A database as the first release left it, schema 1: twelve patients of nobody, each with a visit in 2031.
-- Its audit record and its keys are empty; what opens it makes keys of its own.
PRAGMA application_id = 1179996228;
PRAGMA user_version = 1;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO grdb_migrations VALUES('001');
CREATE TABLE instance (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  uuid TEXT NOT NULL,
  mode TEXT NOT NULL CHECK (mode IN ('trial', 'live')),
  zone_data TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL
) STRICT;
INSERT INTO instance VALUES(1,'4400e297-fd46-5a34-9062-d26a8b4adc7e','live','2025b',1795836027);
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
) STRICT;
INSERT INTO patient VALUES(1,'p1','Patient p1','patient p1',NULL,NULL,NULL,NULL,NULL,0,'active',1795836027,1795836027,1);
INSERT INTO patient VALUES(2,'p2','Patient p2','patient p2',NULL,NULL,NULL,NULL,NULL,0,'active',1795836027,1795836027,1);
INSERT INTO patient VALUES(3,'p3','Patient p3','patient p3',NULL,NULL,NULL,NULL,NULL,0,'active',1795836027,1795836027,1);
INSERT INTO patient VALUES(4,'p4','Patient p4','patient p4',NULL,NULL,NULL,NULL,NULL,0,'active',1795836027,1795836027,1);
INSERT INTO patient VALUES(5,'p5','Patient p5','patient p5',NULL,NULL,NULL,NULL,NULL,0,'active',1795836027,1795836027,1);
INSERT INTO patient VALUES(6,'p6','Patient p6','patient p6',NULL,NULL,NULL,NULL,NULL,0,'active',1795836027,1795836027,1);
INSERT INTO patient VALUES(7,'p7','Patient p7','patient p7',NULL,NULL,NULL,NULL,NULL,0,'active',1795836027,1795836027,1);
INSERT INTO patient VALUES(8,'p8','Patient p8','patient p8',NULL,NULL,NULL,NULL,NULL,0,'active',1795836027,1795836027,1);
INSERT INTO patient VALUES(9,'p9','Patient p9','patient p9',NULL,NULL,NULL,NULL,NULL,0,'active',1795836027,1795836027,1);
INSERT INTO patient VALUES(10,'p10','Patient p10','patient p10',NULL,NULL,NULL,NULL,NULL,0,'active',1795836027,1795836027,1);
INSERT INTO patient VALUES(11,'p11','Patient p11','patient p11',NULL,NULL,NULL,NULL,NULL,0,'active',1795836027,1795836027,1);
INSERT INTO patient VALUES(12,'p12','Patient p12','patient p12',NULL,NULL,NULL,NULL,NULL,0,'active',1795836027,1795836027,1);
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
) STRICT;
INSERT INTO contact VALUES(1,1,'email','p1@example.org','p1@example.org','self',1,'granted','staff',1795836027,'ok',NULL,1795836027,1795836027,NULL);
INSERT INTO contact VALUES(2,2,'email','p2@example.org','p2@example.org','self',1,'granted','staff',1795836027,'ok',NULL,1795836027,1795836027,NULL);
INSERT INTO contact VALUES(3,3,'email','p3@example.org','p3@example.org','self',1,'granted','staff',1795836027,'ok',NULL,1795836027,1795836027,NULL);
INSERT INTO contact VALUES(4,4,'email','p4@example.org','p4@example.org','self',1,'granted','staff',1795836027,'ok',NULL,1795836027,1795836027,NULL);
INSERT INTO contact VALUES(5,5,'email','p5@example.org','p5@example.org','self',1,'granted','staff',1795836027,'ok',NULL,1795836027,1795836027,NULL);
INSERT INTO contact VALUES(6,6,'email','p6@example.org','p6@example.org','self',1,'granted','staff',1795836027,'ok',NULL,1795836027,1795836027,NULL);
INSERT INTO contact VALUES(7,7,'email','p7@example.org','p7@example.org','self',1,'granted','staff',1795836027,'ok',NULL,1795836027,1795836027,NULL);
INSERT INTO contact VALUES(8,8,'email','p8@example.org','p8@example.org','self',1,'granted','staff',1795836027,'ok',NULL,1795836027,1795836027,NULL);
INSERT INTO contact VALUES(9,9,'email','p9@example.org','p9@example.org','self',1,'granted','staff',1795836027,'ok',NULL,1795836027,1795836027,NULL);
INSERT INTO contact VALUES(10,10,'email','p10@example.org','p10@example.org','self',1,'granted','staff',1795836027,'ok',NULL,1795836027,1795836027,NULL);
INSERT INTO contact VALUES(11,11,'email','p11@example.org','p11@example.org','self',1,'granted','staff',1795836027,'ok',NULL,1795836027,1795836027,NULL);
INSERT INTO contact VALUES(12,12,'email','p12@example.org','p12@example.org','self',1,'granted','staff',1795836027,'ok',NULL,1795836027,1795836027,NULL);
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
) STRICT;
CREATE TABLE stop_exception (
  stop_id INTEGER NOT NULL REFERENCES stop (id),
  patient_id INTEGER NOT NULL REFERENCES patient (id),
  source TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (stop_id, patient_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE staff (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  absent_until INTEGER
) STRICT;
INSERT INTO staff VALUES(1,'root',1795836027,NULL);
CREATE TABLE plan_version (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  digest TEXT NOT NULL,
  definition TEXT NOT NULL,
  loaded_at INTEGER NOT NULL,
  UNIQUE (name, digest)
) STRICT;
INSERT INTO plan_version VALUES(1,'annual-check','b6f6d17f175b762a1a68c26a63aec77497968110cc91c2b776bfdbe72d4bfea4','{"calendar":false,"callOnly":false,"defaultTime":"09:00","harmlessTitle":false,"lateAfter":"15m","name":"annual-check","onDoubt":"resend","priority":"routine","steps":[{"at":"-14d 10:00","id":"two-weeks","late":"send","template":"check","when":"unconfirmed"},{"at":"-1d 10:00","id":"day-before","late":"send","template":"check","when":"unconfirmed"}],"taskOwner":"role:front-desk","title":"Yearly check"}',1795836027);
INSERT INTO plan_version VALUES(2,'now','5637a834b600df002aeb7ab663e007e534ddbc1dff5a1b5271c6748965db0d5a','{"calendar":false,"callOnly":false,"defaultTime":"09:00","harmlessTitle":false,"lateAfter":"15m","name":"now","onDoubt":"resend","priority":"routine","steps":[{"at":"-61m","id":"before","late":"send","template":"visit","when":"unconfirmed"}],"taskOwner":"role:front-desk","title":"Visit"}',1795836027);
INSERT INTO plan_version VALUES(3,'vaccination','6d9f0658d3d477a4bed0ec603a061b04eab8ce5fd04a56aa7e8fbc0d727eecec','{"calendar":false,"callOnly":false,"defaultTime":"09:00","harmlessTitle":false,"lateAfter":"15m","name":"vaccination","onDoubt":"resend","priority":"routine","steps":[{"at":"-3d 10:00","id":"three-days","late":"send","template":"vaccination","when":"unconfirmed"},{"at":"-1d 10:00","id":"day-before","late":"send","template":"vaccination","when":"unconfirmed"},{"at":"+1d 10:00","id":"missed","late":"send","template":"visit-missed","useful":"2d","when":"missed"}],"taskOwner":"role:nurse","title":"Vaccination"}',1795836027);
INSERT INTO plan_version VALUES(4,'post-op','beef6cc72e99eec93c4320e144513525a743adea16ad5938742a4ce4bead9ad5','{"calendar":false,"callOnly":false,"defaultTime":"09:00","escalation":{"after":"-1d 16:00","routine":false,"to":"role:nurse"},"harmlessTitle":false,"lateAfter":"15m","name":"post-op","onDoubt":"resend","priority":"soon","steps":[{"at":"-3d 10:00","id":"three-days","late":"send","template":"visit","when":"unconfirmed"},{"at":"-1d 10:00","id":"day-before","late":"send","template":"visit","when":"unconfirmed"},{"at":"+1d 10:00","id":"missed","late":"send","template":"visit-missed","useful":"2d","when":"missed"}],"taskOwner":"role:nurse","thenAfter":"6h","title":"Check after surgery"}',1795836027);
INSERT INTO plan_version VALUES(5,'lab-review','251e487732905ec95718d56792e7384d4abad5b99ca22bd9b0673c8616bfc0ba','{"calendar":false,"callOnly":false,"defaultTime":"09:00","escalation":{"after":"-1d 16:00","routine":false,"to":"role:nurse"},"harmlessTitle":false,"lateAfter":"15m","name":"lab-review","onDoubt":"resend","priority":"soon","steps":[{"at":"-1d 10:00","id":"day-before","late":"send","template":"result","when":"unconfirmed"},{"at":"+1d 10:00","id":"missed","late":"send","template":"visit-missed","useful":"2d","when":"missed"}],"taskOwner":"role:nurse","thenAfter":"6h","title":"Talk about results"}',1795836027);
INSERT INTO plan_version VALUES(6,'appointment','c1579f0c578631aff3fb8b27d850e688ce3429aeecdcf276e1eb29f65444ff64','{"calendar":false,"callOnly":false,"defaultTime":"09:00","harmlessTitle":true,"lateAfter":"15m","name":"appointment","onDoubt":"resend","priority":"routine","steps":[{"at":"-3d 10:00","id":"three-days","late":"send","template":"visit","when":"unconfirmed"},{"at":"-1d 10:00","id":"day-before","late":"send","template":"visit","when":"unconfirmed"}],"taskOwner":"role:front-desk","title":"Appointment"}',1795836027);
INSERT INTO plan_version VALUES(7,'medication-review','0fbeee929820960e5d31b2adc08c542d909572b76f3779be3ff09f4e2f7bf578','{"calendar":false,"callOnly":false,"defaultTime":"09:00","harmlessTitle":false,"lateAfter":"15m","name":"medication-review","onDoubt":"resend","priority":"routine","steps":[{"at":"-3d 10:00","id":"three-days","late":"send","template":"medication","when":"unconfirmed"},{"at":"-1d 10:00","id":"day-before","late":"send","template":"medication","when":"unconfirmed"}],"taskOwner":"role:nurse","title":"Review of medication"}',1795836027);
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
) STRICT;
INSERT INTO follow_up VALUES(1,1,'now','routine','role:front-desk',NULL,NULL,'2031-02-11T10:00','UTC',NULL,NULL,NULL,NULL,'active',1795836027,1795836027,1);
INSERT INTO follow_up VALUES(2,2,'now','routine','role:front-desk',NULL,NULL,'2031-03-12T10:00','UTC',NULL,NULL,NULL,NULL,'active',1795836027,1795836027,1);
INSERT INTO follow_up VALUES(3,3,'now','routine','role:front-desk',NULL,NULL,'2031-04-13T10:00','UTC',NULL,NULL,NULL,NULL,'active',1795836027,1795836027,1);
INSERT INTO follow_up VALUES(4,4,'now','routine','role:front-desk',NULL,NULL,'2031-05-14T10:00','UTC',NULL,NULL,NULL,NULL,'active',1795836027,1795836027,1);
INSERT INTO follow_up VALUES(5,5,'now','routine','role:front-desk',NULL,NULL,'2031-06-15T10:00','UTC',NULL,NULL,NULL,NULL,'active',1795836027,1795836027,1);
INSERT INTO follow_up VALUES(6,6,'now','routine','role:front-desk',NULL,NULL,'2031-07-16T10:00','UTC',NULL,NULL,NULL,NULL,'active',1795836027,1795836027,1);
INSERT INTO follow_up VALUES(7,7,'now','routine','role:front-desk',NULL,NULL,'2031-08-17T10:00','UTC',NULL,NULL,NULL,NULL,'active',1795836027,1795836027,1);
INSERT INTO follow_up VALUES(8,8,'now','routine','role:front-desk',NULL,NULL,'2031-09-18T10:00','UTC',NULL,NULL,NULL,NULL,'active',1795836027,1795836027,1);
INSERT INTO follow_up VALUES(9,9,'now','routine','role:front-desk',NULL,NULL,'2031-01-10T10:00','UTC',NULL,NULL,NULL,NULL,'active',1795836027,1795836027,1);
INSERT INTO follow_up VALUES(10,10,'now','routine','role:front-desk',NULL,NULL,'2031-02-11T10:00','UTC',NULL,NULL,NULL,NULL,'active',1795836027,1795836027,1);
INSERT INTO follow_up VALUES(11,11,'now','routine','role:front-desk',NULL,NULL,'2031-03-12T10:00','UTC',NULL,NULL,NULL,NULL,'active',1795836027,1795836027,1);
INSERT INTO follow_up VALUES(12,12,'now','routine','role:front-desk',NULL,NULL,'2031-04-13T10:00','UTC',NULL,NULL,NULL,NULL,'active',1795836027,1795836027,1);
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
) STRICT;
INSERT INTO occurrence VALUES(1,1,'2031-02-11','2031-02-11T10:00','UTC',1928570400,1,'open','none',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1795836027,1795836027);
INSERT INTO occurrence VALUES(2,2,'2031-03-12','2031-03-12T10:00','UTC',1931076000,1,'open','none',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1795836027,1795836027);
INSERT INTO occurrence VALUES(3,3,'2031-04-13','2031-04-13T10:00','UTC',1933840800,1,'open','none',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1795836027,1795836027);
INSERT INTO occurrence VALUES(4,4,'2031-05-14','2031-05-14T10:00','UTC',1936519200,1,'open','none',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1795836027,1795836027);
INSERT INTO occurrence VALUES(5,5,'2031-06-15','2031-06-15T10:00','UTC',1939284000,1,'open','none',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1795836027,1795836027);
INSERT INTO occurrence VALUES(6,6,'2031-07-16','2031-07-16T10:00','UTC',1941962400,1,'open','none',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1795836027,1795836027);
INSERT INTO occurrence VALUES(7,7,'2031-08-17','2031-08-17T10:00','UTC',1944727200,1,'open','none',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1795836027,1795836027);
INSERT INTO occurrence VALUES(8,8,'2031-09-18','2031-09-18T10:00','UTC',1947492000,1,'open','none',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1795836027,1795836027);
INSERT INTO occurrence VALUES(9,9,'2031-01-10','2031-01-10T10:00','UTC',1925805600,1,'open','none',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1795836027,1795836027);
INSERT INTO occurrence VALUES(10,10,'2031-02-11','2031-02-11T10:00','UTC',1928570400,1,'open','none',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1795836027,1795836027);
INSERT INTO occurrence VALUES(11,11,'2031-03-12','2031-03-12T10:00','UTC',1931076000,1,'open','none',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1795836027,1795836027);
INSERT INTO occurrence VALUES(12,12,'2031-04-13','2031-04-13T10:00','UTC',1933840800,1,'open','none',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1795836027,1795836027);
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
) STRICT;
INSERT INTO reminder VALUES(1,1,1,'step','before',2,2,1928566740,1928566740,1928570400,1928566740,'planned',NULL,NULL,NULL,0,1795836027);
INSERT INTO reminder VALUES(2,2,1,'step','before',2,2,1931072340,1931072340,1931076000,1931072340,'planned',NULL,NULL,NULL,0,1795836027);
INSERT INTO reminder VALUES(3,3,1,'step','before',2,2,1933837140,1933837140,1933840800,1933837140,'planned',NULL,NULL,NULL,0,1795836027);
INSERT INTO reminder VALUES(4,4,1,'step','before',2,2,1936515540,1936515540,1936519200,1936515540,'planned',NULL,NULL,NULL,0,1795836027);
INSERT INTO reminder VALUES(5,5,1,'step','before',2,2,1939280340,1939280340,1939284000,1939280340,'planned',NULL,NULL,NULL,0,1795836027);
INSERT INTO reminder VALUES(6,6,1,'step','before',2,2,1941958740,1941958740,1941962400,1941958740,'planned',NULL,NULL,NULL,0,1795836027);
INSERT INTO reminder VALUES(7,7,1,'step','before',2,2,1944723540,1944723540,1944727200,1944723540,'planned',NULL,NULL,NULL,0,1795836027);
INSERT INTO reminder VALUES(8,8,1,'step','before',2,2,1947488340,1947488340,1947492000,1947488340,'planned',NULL,NULL,NULL,0,1795836027);
INSERT INTO reminder VALUES(9,9,1,'step','before',2,2,1925801940,1925801940,1925805600,1925801940,'planned',NULL,NULL,NULL,0,1795836027);
INSERT INTO reminder VALUES(10,10,1,'step','before',2,2,1928566740,1928566740,1928570400,1928566740,'planned',NULL,NULL,NULL,0,1795836027);
INSERT INTO reminder VALUES(11,11,1,'step','before',2,2,1931072340,1931072340,1931076000,1931072340,'planned',NULL,NULL,NULL,0,1795836027);
INSERT INTO reminder VALUES(12,12,1,'step','before',2,2,1933837140,1933837140,1933840800,1933837140,'planned',NULL,NULL,NULL,0,1795836027);
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
) STRICT;
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
) STRICT;
CREATE TABLE message_body (
  message_id INTEGER PRIMARY KEY REFERENCES message (id),
  subject TEXT NOT NULL,
  text TEXT NOT NULL,
  wire BLOB NOT NULL
) STRICT;
CREATE TABLE message_reminder (
  message_id INTEGER NOT NULL REFERENCES message (id),
  reminder_id INTEGER NOT NULL REFERENCES reminder (id),
  PRIMARY KEY (message_id, reminder_id)
) STRICT, WITHOUT ROWID;
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
) STRICT;
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
) STRICT;
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
) STRICT;
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
) STRICT;
CREATE TABLE key (
  id TEXT PRIMARY KEY,
  purpose TEXT NOT NULL CHECK (purpose IN ('audit', 'stop')),
  created_at INTEGER NOT NULL,
  retired_at INTEGER
) STRICT, WITHOUT ROWID;
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
) STRICT;
CREATE TABLE change (
  id INTEGER PRIMARY KEY,
  audit_seq INTEGER NOT NULL REFERENCES audit (seq),
  verb TEXT NOT NULL,
  inverse TEXT,
  undone_at INTEGER
) STRICT;
CREATE INDEX patient_name ON patient (name_folded);
CREATE UNIQUE INDEX contact_once ON contact (patient_id, channel, normalised) WHERE removed_at IS NULL;
CREATE INDEX contact_address ON contact (normalised);
CREATE UNIQUE INDEX stop_once ON stop (channel, address_hash, kind) WHERE lifted_at IS NULL;
CREATE UNIQUE INDEX follow_up_external ON follow_up (source, external_id) WHERE source IS NOT NULL;
CREATE INDEX follow_up_patient ON follow_up (patient_id);
CREATE INDEX occurrence_anchor ON occurrence (anchor_at);
CREATE INDEX reminder_parked ON reminder (expires_at, state, wake_at)
  WHERE wake_at IS NULL AND state IN ('held', 'deferred');
CREATE INDEX deadline_due ON deadline (wake_at) WHERE wake_at IS NOT NULL;
CREATE INDEX deadline_occurrence ON deadline (occurrence_id) WHERE occurrence_id IS NOT NULL;
CREATE INDEX message_address ON message (address, created_at) WHERE address IS NOT NULL;
CREATE INDEX message_gateway ON message (gateway_id) WHERE gateway_id IS NOT NULL;
CREATE INDEX message_final ON message (final_at) WHERE final_at IS NOT NULL;
CREATE INDEX message_pending ON message (state)
  WHERE state IN ('claimed', 'waiting', 'uncertain');
CREATE INDEX message_reminder_reminder ON message_reminder (reminder_id);
CREATE INDEX attempt_claimed ON attempt (id) WHERE state = 'claimed';
CREATE INDEX hold_open ON hold (kind, subject) WHERE released_at IS NULL;
CREATE UNIQUE INDEX task_once ON task (subject, reason) WHERE state IN ('open', 'taken');
CREATE INDEX task_triage ON task (priority, due_at) WHERE state IN ('open', 'taken');
CREATE INDEX task_occurrence ON task (occurrence_id) WHERE occurrence_id IS NOT NULL;
CREATE INDEX audit_subject ON audit (subject);
CREATE INDEX reminder_due ON reminder (priority, wake_at) WHERE wake_at IS NOT NULL;
COMMIT;
