-- SPDX-License-Identifier: Apache-2.0
-- A badge's way onto paper: what the printer says of it (ordered … unknown), and whether a person saw it (confirmed).
ALTER TABLE badge ADD COLUMN print TEXT NOT NULL DEFAULT 'none'
  CHECK (print IN ('none','ordered','printed','sent','refused','unknown','confirmed', print || '!'));
UPDATE badge SET print = 'confirmed' WHERE id IN (
  SELECT badge FROM entry WHERE type = 'badge_printed' AND json_extract(CAST(leaf AS TEXT), '$.d.printed'));
