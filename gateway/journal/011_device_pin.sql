-- SPDX-License-Identifier: Apache-2.0
-- A PIN that an account has set on one device: after thirty idle minutes its session there is view only until the PIN is given.

-- `device`: hex SHA-256 of the browser's cookie __Host-pin. `pin_hash`: libsodium's Argon2id string over the PIN and that
-- cookie, so that this file alone gives nothing to try PINs on.
CREATE TABLE device_pin (
  user     TEXT NOT NULL REFERENCES user (id),
  device   TEXT NOT NULL,
  pin_hash TEXT NOT NULL,
  made_utc INTEGER NOT NULL,
  PRIMARY KEY (user, device)
) STRICT, WITHOUT ROWID;

ALTER TABLE session ADD COLUMN device TEXT NOT NULL DEFAULT '';         -- on which it was opened; empty: without the cookie
ALTER TABLE session ADD COLUMN wrong_pins INTEGER NOT NULL DEFAULT 0;  -- since the last right one
