-- SPDX-License-Identifier: Apache-2.0
-- Clips by hash: the stream of a camera around an entry. The file is media/<first two>/<hash>.mp4 below the data folder.
-- One file may be evidence of several entries that lie close together.
CREATE TABLE clip (
  hash   TEXT NOT NULL,
  entry  INTEGER NOT NULL REFERENCES entry (number),  -- what it is evidence of
  camera TEXT NOT NULL,
  bytes  INTEGER NOT NULL,
  ms     INTEGER NOT NULL,  -- from its first picture to its last
  PRIMARY KEY (entry, camera)
) STRICT, WITHOUT ROWID;
