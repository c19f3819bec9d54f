-- SPDX-License-Identifier: Apache-2.0
-- Whom the second question went to, what a reschedule planned, who lifted the SOP's limit of members inside.

ALTER TABLE visit ADD COLUMN second_aide TEXT NOT NULL DEFAULT '';     -- user whom T2 asked besides the aide on duty
ALTER TABLE visit ADD COLUMN next_plan TEXT NOT NULL DEFAULT '';       -- the visit that a reschedule planned
ALTER TABLE visit ADD COLUMN members_permit TEXT NOT NULL DEFAULT '';  -- user who permitted more than the SOP's limit
