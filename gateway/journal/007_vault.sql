-- SPDX-License-Identifier: Apache-2.0
-- Personal data is sealed under a key for each person (gateway/vault/README.md). A sealed text is "s1:owner:base64".

-- A key is made with the first text of its owner: a guest's id, an attention entry's, or "day:2026-01-31" for what belongs
-- to nobody known. A destroyed key is 72 zeros. Appended in order and written over in place, so that SQLite never moves a
-- row: a key lies in one place of the file, and nowhere once it is destroyed.
CREATE TABLE person_key (
  number  INTEGER PRIMARY KEY,
  owner   TEXT NOT NULL UNIQUE,
  wrapped BLOB NOT NULL CHECK (length(wrapped) = 72)
) STRICT;

-- Anew, since a sealed name is longer than a name. The indexes are HMACs under a key that is not in this file.
CREATE TABLE guest_2 (
  id          TEXT PRIMARY KEY,
  full_name   TEXT NOT NULL CHECK (full_name <> ''),  -- personal
  phone       TEXT NOT NULL DEFAULT '',               -- personal
  institution TEXT NOT NULL DEFAULT '',               -- personal
  made_utc    INTEGER NOT NULL,
  phone_index BLOB,
  name_index  BLOB
) STRICT, WITHOUT ROWID;
INSERT INTO guest_2 (id, full_name, phone, institution, made_utc)
  SELECT id, full_name, phone, institution, made_utc FROM guest;
DROP TABLE guest;
ALTER TABLE guest_2 RENAME TO guest;
CREATE INDEX guest_by_phone ON guest (phone_index) WHERE phone_index IS NOT NULL;
CREATE INDEX guest_by_name ON guest (name_index) WHERE name_index IS NOT NULL;
ALTER TABLE attention ADD COLUMN phone_index BLOB;
ALTER TABLE attention ADD COLUMN name_index BLOB;

-- Nobody writes a word in the clear by oversight: it is sealed, or one sign at most in place of what was erased.
CREATE TRIGGER guest_is_sealed_when_new BEFORE INSERT ON guest WHEN EXISTS
  (SELECT 1 FROM (SELECT NEW.full_name AS word UNION ALL SELECT NEW.phone UNION ALL SELECT NEW.institution)
   WHERE word NOT GLOB 's1:*' AND length(word) > 1)
  BEGIN SELECT RAISE(ABORT, 'guest: personal data is stored sealed (gateway/vault)'); END;
CREATE TRIGGER guest_is_sealed_when_changed BEFORE UPDATE OF full_name, phone, institution ON guest WHEN EXISTS
  (SELECT 1 FROM (SELECT NEW.full_name AS word UNION ALL SELECT NEW.phone UNION ALL SELECT NEW.institution)
   WHERE word NOT GLOB 's1:*' AND length(word) > 1)
  BEGIN SELECT RAISE(ABORT, 'guest: personal data is stored sealed (gateway/vault)'); END;
CREATE TRIGGER visit_is_sealed_when_new BEFORE INSERT ON visit WHEN EXISTS
  (SELECT 1 FROM (SELECT NEW.purpose AS word UNION ALL SELECT NEW.whom UNION ALL SELECT NEW.members
        UNION ALL SELECT NEW.vehicle UNION ALL SELECT NEW.identity_last4 UNION ALL SELECT NEW.approval_reason)
   WHERE word NOT GLOB 's1:*' AND length(word) > 1)
  BEGIN SELECT RAISE(ABORT, 'visit: personal data is stored sealed (gateway/vault)'); END;
CREATE TRIGGER visit_is_sealed_when_changed BEFORE UPDATE OF purpose, whom, members, vehicle, identity_last4,
    approval_reason ON visit WHEN EXISTS
  (SELECT 1 FROM (SELECT NEW.purpose AS word UNION ALL SELECT NEW.whom UNION ALL SELECT NEW.members
        UNION ALL SELECT NEW.vehicle UNION ALL SELECT NEW.identity_last4 UNION ALL SELECT NEW.approval_reason)
   WHERE word NOT GLOB 's1:*' AND length(word) > 1)
  BEGIN SELECT RAISE(ABORT, 'visit: personal data is stored sealed (gateway/vault)'); END;
CREATE TRIGGER note_is_sealed_when_new BEFORE INSERT ON note
  WHEN NEW.text NOT GLOB 's1:*' AND length(NEW.text) > 1
  BEGIN SELECT RAISE(ABORT, 'note: personal data is stored sealed (gateway/vault)'); END;
CREATE TRIGGER note_is_sealed_when_changed BEFORE UPDATE OF text ON note
  WHEN NEW.text NOT GLOB 's1:*' AND length(NEW.text) > 1
  BEGIN SELECT RAISE(ABORT, 'note: personal data is stored sealed (gateway/vault)'); END;
CREATE TRIGGER deposit_is_sealed_when_new BEFORE INSERT ON deposit WHEN EXISTS
  (SELECT 1 FROM (SELECT NEW.what AS word UNION ALL SELECT NEW.tag UNION ALL SELECT NEW.locker)
   WHERE word NOT GLOB 's1:*' AND length(word) > 1)
  BEGIN SELECT RAISE(ABORT, 'deposit: personal data is stored sealed (gateway/vault)'); END;
CREATE TRIGGER deposit_is_sealed_when_changed BEFORE UPDATE OF what, tag, locker ON deposit WHEN EXISTS
  (SELECT 1 FROM (SELECT NEW.what AS word UNION ALL SELECT NEW.tag UNION ALL SELECT NEW.locker)
   WHERE word NOT GLOB 's1:*' AND length(word) > 1)
  BEGIN SELECT RAISE(ABORT, 'deposit: personal data is stored sealed (gateway/vault)'); END;
CREATE TRIGGER badge_is_sealed_when_changed BEFORE UPDATE OF reason ON badge
  WHEN NEW.reason NOT GLOB 's1:*' AND length(NEW.reason) > 1
  BEGIN SELECT RAISE(ABORT, 'badge: personal data is stored sealed (gateway/vault)'); END;
CREATE TRIGGER attention_is_sealed_when_new BEFORE INSERT ON attention WHEN EXISTS
  (SELECT 1 FROM (SELECT NEW.full_name AS word UNION ALL SELECT NEW.phone UNION ALL SELECT NEW.why)
   WHERE word NOT GLOB 's1:*' AND length(word) > 1)
  BEGIN SELECT RAISE(ABORT, 'attention: personal data is stored sealed (gateway/vault)'); END;
CREATE TRIGGER attention_is_sealed_when_changed BEFORE UPDATE OF full_name, phone, why ON attention WHEN EXISTS
  (SELECT 1 FROM (SELECT NEW.full_name AS word UNION ALL SELECT NEW.phone UNION ALL SELECT NEW.why)
   WHERE word NOT GLOB 's1:*' AND length(word) > 1)
  BEGIN SELECT RAISE(ABORT, 'attention: personal data is stored sealed (gateway/vault)'); END;
