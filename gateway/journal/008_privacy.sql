-- SPDX-License-Identifier: Apache-2.0
-- Retention, erasure and the data-subject desk (gateway/privacy). What these tables say of a person is erased with the
-- person; that it was done stands in the journal, by ids and counts.

ALTER TABLE guest ADD COLUMN erased_utc INTEGER;      -- when the personal fields were blanked
ALTER TABLE guest ADD COLUMN restricted_utc INTEGER;  -- shown at the data-subject desk only, since then
ALTER TABLE visit ADD COLUMN erased_utc INTEGER;      -- times, category and counts stay
ALTER TABLE visit ADD COLUMN notice TEXT NOT NULL DEFAULT '';  -- version of the notice that the guest was shown
CREATE INDEX visit_to_erase ON visit (closed_utc) WHERE closed_utc IS NOT NULL AND erased_utc IS NULL;
CREATE INDEX visit_with_picture ON visit (closed_utc) WHERE closed_utc IS NOT NULL AND (portrait <> '' OR waiting_still <> '');
CREATE INDEX visit_with_identity ON visit (closed_utc) WHERE closed_utc IS NOT NULL AND (identity_type <> '' OR identity_last4 <> '');
CREATE INDEX visit_by_portrait ON visit (portrait) WHERE portrait <> '';
CREATE INDEX visit_by_waiting_still ON visit (waiting_still) WHERE waiting_still <> '';
CREATE INDEX picture_by_hash ON picture (hash);
CREATE INDEX clip_by_hash ON clip (hash);

-- The period in force of each class. A shorter one, or a harsher action, waits in next_… until two admins agree.
CREATE TABLE retention_rule (
  class       TEXT PRIMARY KEY CHECK (class IN ('visit','portrait','nik','clip','approval','deviation','audit')),
  jra         TEXT NOT NULL,
  days        INTEGER NOT NULL CHECK (days BETWEEN 1 AND 36500),
  action      TEXT NOT NULL CHECK (action IN ('destroy','anonymise','permanent')),
  next_days   INTEGER,
  next_action TEXT CHECK (next_action IN ('destroy','anonymise','permanent')),
  agreed_by   TEXT   -- the first of the two
) STRICT, WITHOUT ROWID;

-- One destruction: of what is due by the rules (guest is null), or of one person.
CREATE TABLE erasure_run (
  id           TEXT PRIMARY KEY,
  guest        TEXT REFERENCES guest (id),
  approved_by  TEXT NOT NULL,          -- user id
  approved_utc INTEGER NOT NULL,
  finished_utc INTEGER,
  first_entry  INTEGER NOT NULL,       -- retention_approved, or case_closed
  last_entry   INTEGER                 -- retention_done
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX erasure_run_one_at_a_time ON erasure_run ((1)) WHERE finished_utc IS NULL;
CREATE TABLE erasure_class (
  run        TEXT NOT NULL REFERENCES erasure_run (id),
  class      TEXT NOT NULL,
  jra        TEXT NOT NULL,
  days       INTEGER NOT NULL,
  before_utc INTEGER NOT NULL,
  done_to    INTEGER NOT NULL DEFAULT -1,  -- the last entry whose note or file was looked at
  finished   INTEGER NOT NULL DEFAULT 0 CHECK (finished IN (0, 1)),
  visits INTEGER NOT NULL DEFAULT 0, persons INTEGER NOT NULL DEFAULT 0, notes INTEGER NOT NULL DEFAULT 0,
  deposits INTEGER NOT NULL DEFAULT 0, pictures INTEGER NOT NULL DEFAULT 0, clips INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (run, class)
) STRICT, WITHOUT ROWID;
-- Files whose last mention is gone: deleted after the commit, again after a crash.
CREATE TABLE doomed_file (
  hash TEXT NOT NULL,
  clip INTEGER NOT NULL CHECK (clip IN (0, 1)),
  PRIMARY KEY (hash, clip)
) STRICT, WITHOUT ROWID;

-- A pending case keeps a person or a visit from every destruction. The reasons are the notes of the two entries.
CREATE TABLE legal_hold (
  id           TEXT PRIMARY KEY,
  guest        TEXT NOT NULL DEFAULT '',   -- one of the two
  visit        TEXT NOT NULL DEFAULT '',
  made_by      TEXT NOT NULL,
  made_utc     INTEGER NOT NULL,
  released_utc INTEGER,
  entry        INTEGER NOT NULL REFERENCES entry (number),
  released_entry INTEGER REFERENCES entry (number)
) STRICT, WITHOUT ROWID;
CREATE INDEX legal_hold_standing ON legal_hold (made_utc) WHERE released_utc IS NULL;

-- What a person asked of their data. Answered within 72 hours. Who asked and what for is the note of `entry`, on two lines;
-- the answer or the ground of a refusal is the note of `closed_entry`.
CREATE TABLE subject_case (
  id         TEXT PRIMARY KEY,
  guest      TEXT NOT NULL REFERENCES guest (id),
  kind       TEXT NOT NULL CHECK (kind IN ('access','correct','restrict','erase','object')),
  state      TEXT NOT NULL CHECK (state IN ('open','answered','refused')),
  opened_by  TEXT NOT NULL,
  opened_utc INTEGER NOT NULL,
  due_utc    INTEGER NOT NULL,
  closed_by  TEXT,
  closed_utc INTEGER,
  entry      INTEGER NOT NULL REFERENCES entry (number),
  closed_entry INTEGER REFERENCES entry (number)
) STRICT, WITHOUT ROWID;
CREATE INDEX subject_case_by_guest ON subject_case (guest);
CREATE INDEX subject_case_open ON subject_case (due_utc) WHERE state = 'open';

-- Backups that were made, for what they still hold of what was destroyed since.
CREATE TABLE backup_made (
  entry   INTEGER PRIMARY KEY REFERENCES entry (number),
  utc     INTEGER NOT NULL,
  entries INTEGER NOT NULL,  -- of the journal in it
  name    TEXT NOT NULL      -- of the file, without its folder
) STRICT;
