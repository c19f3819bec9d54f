-- SPDX-License-Identifier: Apache-2.0
-- Schema 2: whole visits. Tables whose words grew are built anew and filled from the old ones (SQLite cannot change a CHECK).

CREATE TABLE visit_2 (
  id               TEXT PRIMARY KEY,
  guest            TEXT NOT NULL REFERENCES guest (id),
  category         TEXT NOT NULL CHECK (category IN ('general', 'special')),
  purpose          TEXT NOT NULL,       -- personal
  whom             TEXT NOT NULL,       -- personal
  members          TEXT NOT NULL DEFAULT '',  -- personal: names of a party, one a line
  vehicle          TEXT NOT NULL DEFAULT '',  -- personal: plate
  identity_type    TEXT NOT NULL DEFAULT '',  -- ktp | sim | passport | other
  identity_last4   TEXT NOT NULL DEFAULT '',  -- personal
  form_salt        BLOB NOT NULL CHECK (length(form_salt) = 16),  -- of data.form of visit_registered or visit_planned
  sop              TEXT NOT NULL DEFAULT '',  -- the version in force at arrival
  state            TEXT NOT NULL CHECK (state IN ('planned','arrived','registered','waiting','called','escorted','in_meeting',
                                                  'away','finished','departed','declined','rescheduled','referred',
                                                  'turned_away','no_show','cancelled','left_early','unaccounted', state || '!')),
  party            INTEGER NOT NULL DEFAULT 1 CHECK (party BETWEEN 1 AND 500),
  invited          INTEGER NOT NULL DEFAULT 0 CHECK (invited IN (0, 1)),
  in_debt          INTEGER NOT NULL DEFAULT 0 CHECK (in_debt IN (0, 1)),       -- let in, form to be completed
  out_of_hours     INTEGER NOT NULL DEFAULT 0 CHECK (out_of_hours IN (0, 1)),
  hours_permit     INTEGER NOT NULL DEFAULT 0 CHECK (hours_permit IN (0, 1)),
  extended         INTEGER NOT NULL DEFAULT 0 CHECK (extended IN (0, 1)),      -- needs more time at a door
  passback_exempt  INTEGER NOT NULL DEFAULT 0 CHECK (passback_exempt IN (0, 1)),
  passback_free    INTEGER NOT NULL DEFAULT 0 CHECK (passback_free IN (0, 1)),
  attention        TEXT NOT NULL DEFAULT 'none' CHECK (attention IN ('none','possible','no_match','match','blocked', attention || '!')),
  approval         TEXT NOT NULL CHECK (approval IN ('none','sent','delivered','seen','accepted','accepted_later','held',
                                                     'referred','rescheduled','asked_back','declined','withdrawn', approval || '!')),
  approval_version INTEGER NOT NULL DEFAULT 0,  -- rises with every request and decision
  approval_reason  TEXT NOT NULL DEFAULT '',    -- personal
  escalation       INTEGER NOT NULL DEFAULT 0 CHECK (escalation BETWEEN 0 AND 3),
  verbal           TEXT NOT NULL DEFAULT 'none' CHECK (verbal IN ('none','unconfirmed','confirmed','disputed', verbal || '!')),
  screening        TEXT NOT NULL CHECK (screening IN ('pending','passed_through','clear','alarm','rewalk','manual_check',
                                                      'cleared_by_check','item_deposited','refused','held_and_reported',
                                                      'alternative', screening || '!')),
  rewalks          INTEGER NOT NULL DEFAULT 0,
  screened_utc     INTEGER,
  metal_found_utc  INTEGER,             -- an alarm without disposition
  alarm_deviation  INTEGER NOT NULL DEFAULT 0 CHECK (alarm_deviation IN (0, 1)),
  presence         TEXT NOT NULL CHECK (presence IN ('outside','at_post','waiting_room','inside','unknown', presence || '!')),
  presence_utc     INTEGER,
  whereabouts      TEXT NOT NULL DEFAULT '',    -- "outside=2 residence=1": how many of the party were last seen where
  escort           TEXT NOT NULL DEFAULT 'none' CHECK (escort IN ('none','requested','started','at_door','handed_over','returned', escort || '!')),
  escorted_by      TEXT NOT NULL DEFAULT '',
  deposits_open    INTEGER NOT NULL DEFAULT 0,
  attested         TEXT NOT NULL DEFAULT '',    -- ids of SOP steps, separated by blanks
  badge            TEXT,                -- the bound badge
  portrait         TEXT NOT NULL DEFAULT '',   -- SHA-256 in the media store
  waiting_still    TEXT NOT NULL DEFAULT '',   -- SHA-256, taken when the aide was asked
  arrived_utc      INTEGER NOT NULL,
  expected_utc     INTEGER,
  expected_until_utc INTEGER,
  asked_utc        INTEGER,
  decided_utc      INTEGER,
  hold_until_utc   INTEGER,
  entered_utc      INTEGER,
  finished_utc     INTEGER,
  closed_utc       INTEGER,
  overstay_told    INTEGER NOT NULL DEFAULT 0 CHECK (overstay_told IN (0, 1)),
  last_entry       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO visit_2 (id, guest, category, purpose, whom, form_salt, state, approval, approval_version, approval_reason,
                     screening, presence, badge, portrait, waiting_still, arrived_utc, asked_utc, decided_utc, hold_until_utc,
                     closed_utc, whereabouts, last_entry)
  SELECT id, guest, category, purpose, whom, form_salt, state, approval, approval_version, approval_reason, screening,
         presence, badge, portrait, waiting_still, arrived_utc, asked_utc, decided_utc, hold_until_utc, closed_utc,
         CASE presence WHEN 'outside' THEN 'outside=1' WHEN 'at_post' THEN 'outside=1'
                       WHEN 'waiting_room' THEN 'waiting_room=1' ELSE 'unknown=1' END, last_entry FROM visit;
DROP TABLE visit;
ALTER TABLE visit_2 RENAME TO visit;
-- A plan for another day is not an open visit.
CREATE UNIQUE INDEX visit_one_open_per_guest ON visit (guest) WHERE closed_utc IS NULL AND state <> 'planned';
CREATE INDEX visit_open ON visit (arrived_utc) WHERE closed_utc IS NULL;
CREATE INDEX visit_by_arrival ON visit (arrived_utc);
CREATE INDEX visit_by_guest ON visit (guest);

CREATE TABLE badge_2 (
  id          TEXT PRIMARY KEY,
  token_hash  BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),  -- SHA-256("gapura.badge.v1" || 0x00 || 16 bytes)
  kind        TEXT NOT NULL DEFAULT 'paper' CHECK (kind IN ('paper','card','staff', kind || '!')),
  state       TEXT NOT NULL CHECK (state IN ('in_stock','issued','active','suspended','returned','expired','revoked','lost',
                                             'quarantine','destroyed', state || '!')),
  visit       TEXT NOT NULL,              -- empty: staff, or a card in stock
  host        TEXT NOT NULL DEFAULT '',   -- staff: whose it is
  duress      INTEGER NOT NULL DEFAULT 0 CHECK (duress IN (0, 1)),
  uses_allowed INTEGER NOT NULL DEFAULT 0,  -- entries; 0: any number
  uses        INTEGER NOT NULL DEFAULT 0,
  area        TEXT NOT NULL DEFAULT 'outside',  -- staff: where its host was last seen
  passback_free INTEGER NOT NULL DEFAULT 0 CHECK (passback_free IN (0, 1)),
  passed_utc  INTEGER,                    -- its last passage, and into which area
  passed_into TEXT NOT NULL DEFAULT '',
  issued_utc  INTEGER NOT NULL,
  valid_until_utc INTEGER NOT NULL,
  ended_utc   INTEGER,
  reason      TEXT NOT NULL DEFAULT '',
  last_entry  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO badge_2 (id, token_hash, state, visit, issued_utc, valid_until_utc, ended_utc, reason, last_entry)
  SELECT id, token_hash, state, visit, issued_utc, valid_until_utc, ended_utc, reason, last_entry FROM badge;
DROP TABLE badge;
ALTER TABLE badge_2 RENAME TO badge;
CREATE INDEX badge_by_visit ON badge (visit);
CREATE INDEX badge_out ON badge (issued_utc) WHERE ended_utc IS NULL;

ALTER TABLE open_intent ADD COLUMN partner TEXT;  -- the second person's badge, of a two-person area
ALTER TABLE alarm ADD COLUMN silent INTEGER NOT NULL DEFAULT 0 CHECK (silent IN (0, 1));

-- Things left at the post (titipan).
CREATE TABLE deposit (
  id         TEXT PRIMARY KEY,
  visit      TEXT NOT NULL REFERENCES visit (id),
  state      TEXT NOT NULL CHECK (state IN ('received','stored','returned', state || '!')),
  locker     TEXT NOT NULL,
  what       TEXT NOT NULL DEFAULT '',  -- personal
  tag        TEXT NOT NULL DEFAULT '',
  last_entry INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX deposit_by_visit ON deposit (visit);

-- Small facts about the whole site: portal modes, lockdowns, roll call, shift, the leader's state.
CREATE TABLE site_fact (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- People to look out for. Personal: erasable, and never in a leaf.
CREATE TABLE attention (
  id        TEXT PRIMARY KEY,
  full_name TEXT NOT NULL,
  phone     TEXT NOT NULL DEFAULT '',
  why       TEXT NOT NULL,
  blocks    INTEGER NOT NULL CHECK (blocks IN (0, 1)),
  made_utc  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- A person's word on a possible match, remembered so that the same question is not asked again.
CREATE TABLE attention_answer (
  attention TEXT NOT NULL REFERENCES attention (id),
  guest     TEXT NOT NULL REFERENCES guest (id),
  is_match  INTEGER NOT NULL CHECK (is_match IN (0, 1)),
  PRIMARY KEY (attention, guest)
) STRICT, WITHOUT ROWID;
