-- SPDX-License-Identifier: Apache-2.0
-- The Merkle tree over the leaves (RFC 6962; docs/record-format.md) and the signed checkpoints.

-- The complete subtrees of two and more leaves, kept with the entry that completes them: entry n completes one for each
-- trailing 1 of n's bits, so every other entry has a row, and a row is never touched again. `nodes` are their hashes from
-- level 1 upwards. A leaf's own hash is not kept: it follows from the leaf.
-- The rows of a journal of an earlier schema are made at the next start, in steps (Journal::open).
CREATE TABLE tree (
  number INTEGER PRIMARY KEY CHECK (number % 2 = 1),
  nodes  BLOB NOT NULL CHECK (length(nodes) BETWEEN 32 AND 2016 AND length(nodes) % 32 = 0)
) STRICT;
CREATE TRIGGER tree_is_never_changed BEFORE UPDATE ON tree BEGIN SELECT RAISE(ABORT, 'the tree is append-only'); END;
CREATE TRIGGER tree_is_never_deleted BEFORE DELETE ON tree BEGIN SELECT RAISE(ABORT, 'the tree is append-only'); END;

-- What was signed about the tree's state, as the bytes of a C2SP signed note.
CREATE TABLE checkpoint (
  number INTEGER PRIMARY KEY,
  origin TEXT NOT NULL,      -- gapura.<site>/log<n>; n rises when an officer goes on from an older file
  size   INTEGER NOT NULL CHECK (size > 0),  -- how many entries, from number 0, it covers
  utc    INTEGER NOT NULL,
  note   BLOB NOT NULL CHECK (length(note) BETWEEN 2 AND 4096),
  UNIQUE (origin, size)
) STRICT;
CREATE INDEX checkpoint_by_time ON checkpoint (utc);
CREATE TRIGGER checkpoint_is_never_changed BEFORE UPDATE ON checkpoint
  BEGIN SELECT RAISE(ABORT, 'a checkpoint is never changed'); END;
CREATE TRIGGER checkpoint_is_never_deleted BEFORE DELETE ON checkpoint
  BEGIN SELECT RAISE(ABORT, 'a checkpoint is never deleted'); END;
