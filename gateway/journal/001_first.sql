-- SPDX-License-Identifier: Apache-2.0
-- Schema 1. The journal is the truth; every other table below "Projections" can be rebuilt by folding it, except the
-- personal fields (guest, visit.purpose, visit.whom), which must be erasable and therefore stand only here.
-- Instants are milliseconds since 1970 UTC (…_utc) or since the machine's boot (…_boot).

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- One row an entry. `leaf` is the record, byte for byte (see gateway/journal/README.md); the columns are its index.
CREATE TABLE entry (
  number INTEGER PRIMARY KEY CHECK (number >= 0),   -- gap-free, from 0
  utc    INTEGER NOT NULL,
  boot   INTEGER NOT NULL,
  type   TEXT NOT NULL,
  point  TEXT,            -- access point, portal or device
  actor  TEXT NOT NULL,   -- user id, "system" or "device"
  visit  TEXT,
  badge  TEXT,
  ref    INTEGER,         -- the earlier entry that this one is about
  leaf   BLOB NOT NULL CHECK (length(leaf) BETWEEN 2 AND 4096)
) STRICT;
CREATE INDEX entry_by_visit ON entry (visit, number) WHERE visit IS NOT NULL;
CREATE INDEX entry_by_badge ON entry (badge, number) WHERE badge IS NOT NULL;
CREATE INDEX entry_by_point ON entry (point, number) WHERE point IS NOT NULL;
CREATE INDEX entry_by_ref   ON entry (ref) WHERE ref IS NOT NULL;
CREATE INDEX entry_by_time  ON entry (utc);
CREATE INDEX entry_by_type  ON entry (type, number);
CREATE TRIGGER entry_is_never_changed BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER entry_is_never_deleted BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

-- Personal: erasable.
CREATE TABLE guest (
  id          TEXT PRIMARY KEY,
  full_name   TEXT NOT NULL CHECK (length(full_name) BETWEEN 1 AND 200),
  phone       TEXT NOT NULL DEFAULT '',
  institution TEXT NOT NULL DEFAULT '',
  made_utc    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX guest_by_phone ON guest (phone) WHERE phone <> '';

-- Personal: free words of people about an entry. The leaf carries data.note = SHA-256("gapura.note.v1" || 0x00 || salt || text).
CREATE TABLE note (
  entry INTEGER PRIMARY KEY REFERENCES entry (number),
  salt  BLOB NOT NULL CHECK (length(salt) = 16),
  text  TEXT NOT NULL
) STRICT;

-- Projections.
CREATE TABLE visit (
  id               TEXT PRIMARY KEY,
  guest            TEXT NOT NULL REFERENCES guest (id),
  category         TEXT NOT NULL CHECK (category IN ('general', 'special')),
  purpose          TEXT NOT NULL,       -- personal
  whom             TEXT NOT NULL,       -- personal
  form_salt        BLOB NOT NULL CHECK (length(form_salt) = 16),  -- of visit_registered's data.form
  state            TEXT NOT NULL CHECK (state IN ('registered','waiting','called','in_meeting','finished','departed',
                                                  'declined','turned_away','left_early','unaccounted')),
  approval         TEXT NOT NULL CHECK (approval IN ('none','sent','accepted','accepted_later','held','declined')),
  approval_version INTEGER NOT NULL DEFAULT 0,  -- rises with every request and decision
  approval_reason  TEXT NOT NULL DEFAULT '',
  screening        TEXT NOT NULL CHECK (screening IN ('pending','passed_through','clear','alarm','cleared_by_check','refused')),
  presence         TEXT NOT NULL CHECK (presence IN ('outside','at_post','waiting_room','inside','unknown')),
  badge            TEXT,                -- the bound badge
  portrait         TEXT NOT NULL DEFAULT '',   -- SHA-256 in the media store
  waiting_still    TEXT NOT NULL DEFAULT '',   -- SHA-256, taken when the aide was asked
  arrived_utc      INTEGER NOT NULL,
  asked_utc        INTEGER,
  decided_utc      INTEGER,
  hold_until_utc   INTEGER,
  closed_utc       INTEGER,
  last_entry       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX visit_one_open_per_guest ON visit (guest) WHERE closed_utc IS NULL;
CREATE INDEX visit_open ON visit (arrived_utc) WHERE closed_utc IS NULL;
CREATE INDEX visit_by_arrival ON visit (arrived_utc);

CREATE TABLE badge (
  id          TEXT PRIMARY KEY,
  token_hash  BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),  -- SHA-256("gapura.badge.v1" || 0x00 || 16 bytes)
  state       TEXT NOT NULL CHECK (state IN ('issued','active','returned','revoked','expired','lost')),
  visit       TEXT NOT NULL,
  issued_utc  INTEGER NOT NULL,
  valid_until_utc INTEGER NOT NULL,
  ended_utc   INTEGER,
  reason      TEXT NOT NULL DEFAULT '',
  last_entry  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX badge_by_visit ON badge (visit);
CREATE INDEX badge_out ON badge (issued_utc) WHERE ended_utc IS NULL;

-- Releases whose outcome is not recorded yet. At start every row here is closed as unknown.
CREATE TABLE open_intent (
  number INTEGER PRIMARY KEY REFERENCES entry (number),
  point  TEXT NOT NULL,
  visit  TEXT,
  badge  TEXT
) STRICT;

CREATE TABLE alarm (
  number   INTEGER PRIMARY KEY REFERENCES entry (number),  -- of the entry that raised it
  kind     TEXT NOT NULL,
  priority TEXT NOT NULL CHECK (priority IN ('critical','high','medium')),
  subject  TEXT NOT NULL,           -- portal, device or visit
  active   INTEGER NOT NULL CHECK (active IN (0, 1)),
  acknowledged_by TEXT,
  handling TEXT,
  raised_utc INTEGER NOT NULL,
  cleared_utc INTEGER
) STRICT;
CREATE INDEX alarm_standing ON alarm (raised_utc) WHERE active = 1 OR acknowledged_by IS NULL;

-- Pictures by hash. The file is media/<first two>/<hash>.jpg below the data folder.
CREATE TABLE picture (
  hash   TEXT NOT NULL,
  entry  INTEGER NOT NULL REFERENCES entry (number),  -- what it is evidence of
  camera TEXT NOT NULL,
  bytes  INTEGER NOT NULL,
  PRIMARY KEY (entry, camera)
) STRICT, WITHOUT ROWID;

-- Accounts. Not projections: secrets do not belong into leaves.
CREATE TABLE user (
  id            TEXT PRIMARY KEY,
  name          TEXT NOT NULL UNIQUE COLLATE NOCASE,
  role          TEXT NOT NULL CHECK (role IN ('guard','aide','admin')),
  password_hash TEXT NOT NULL,           -- libsodium's Argon2id string
  disabled      INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
  made_utc      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
  hash       TEXT PRIMARY KEY,           -- hex SHA-256 of the cookie or bearer token
  user       TEXT NOT NULL REFERENCES user (id),
  name       TEXT NOT NULL DEFAULT '',   -- of an API token
  is_api_token INTEGER NOT NULL DEFAULT 0 CHECK (is_api_token IN (0, 1)),
  idle_until_utc     INTEGER NOT NULL,
  absolute_until_utc INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
