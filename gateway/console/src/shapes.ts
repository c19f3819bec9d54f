// SPDX-License-Identifier: Apache-2.0
// The API's shapes by the names that the console gives them: those of openapi.json and of models/, as generate.mjs writes
// them. Written by hand is only what these do not declare.
import type { components } from "./generated/api";
import type { Answer, Body } from "./routes";

export type { AlarmHandling as Handling, BadgeState, EscortState as Escort, EventType, LeaderState, PortalMode, Role } from "./generated/words";

type Shapes = components["schemas"];

export type User = Shapes["User"];
// `pin`: this account has one on this device; `pin_settable`: now, shortly after the password.
export type Session = Answer<"/session">;

// `badge`: the latest; `badges`: all that are out. `metal_found`: an alarm that is not disposed of yet. `second_aide`: asked
// besides the one on duty. `members_limit`: of the party inside at once, by the SOP and the aide's permission; who permitted
// more: `members_permit`. `masked`: over and of an earlier day: name and phone masked, no pictures, until it is unmasked with a
// reason. `restricted`: shown at the data-subject desk only. `hours`: only in the answer to a registration outside visiting hours.
export type Visit = Shapes["Visit"];
// With its newest entries, and how many it has.
export type FullVisit = Visit & Required<Pick<Visit, "events" | "events_total">>;
// `person`: the id of a guest or a visit, or "new".
export type NewVisit = Body<"/visits">;
// Of a guest whose data are complete.
export type FilledVisit = Body<"/visits/{id}/complete">;
export type Category = Visit["category"];
export type IdentityType = NonNullable<Visit["identity_type"]>;
// `code`: printed on it, to type where no reader reads.
export type Badge = Shapes["Badge"];
export type IssuedBadge = Answer<"/visits/{id}/badge", "post">;
export type BadgeChange = Body<"/badges/{id}/change">["to"];
// `all_members`: over the SOP's limit of people inside.
export type DecisionBody = Body<"/visits/{id}/decision">;
export type EscortStep = Body<"/visits/{id}/escort">["to"];
export type ScreeningResult = Body<"/visits/{id}/screening">["result"];
// Those that a person notes; the gateway finds the others itself.
export type NotedDeviation = Body<"/visits/{id}/deviation">["kind"];
export type Hours = Shapes["Hours"];
export type Sop = Shapes["Sop"];
export type AttentionPerson = Shapes["Attention"];
export type Host = Shapes["Host"];

// `fault`: a code; empty: none, or none known. `outages`: within the last minute. `roles`: of a camera.
export type Device = Shapes["Device"];
// `unlocked_until`: by schedule; `unlocks`: when the schedule does so next.
export type Portal = Shapes["Portal"];
// `device`: that reads there.
export type Point = Shapes["Point"];
// What one reader's door says to a revocation; refused only where door is "refuses".
export type DoorAnswer = Shapes["Refusal"];
export type Area = Shapes["Area"];
export type Lockdown = Shapes["Lockdown"];
export type Muster = Shapes["Muster"];
export type MusterPerson = Shapes["Inside"];
export type Shift = Shapes["Shift"];
// The aides' roster of this moment. No aide on duty: questions go to all.
export type Duty = Shapes["Duty"];
export type Alarm = Shapes["Alarm"];
export type AlarmReport = Answer<"/alarms/report">;
export type Status = Shapes["Status"];
// `times`: made on this screen: of how many of its kind the line is.
export type Entry = Shapes["Event"] & { times?: number };

// Personal data (docs/api.md)
export type Retention = Answer<"/retention">;
export type RetentionClass = Shapes["RetentionClass"];
export type ErasureRun = Shapes["ErasureRun"];
export type LegalHold = Shapes["LegalHold"];
export type Subject = Shapes["Subject"];
export type Case = Shapes["Case"];
export type CaseKind = Case["kind"];

// Of a 409 same_person: a known person who could be meant. openapi.json declares no problem documents.
export interface Candidate {
  person: string;
  name: string;
  visit: string | null; // open, or planned
  state: Visit["state"] | null;
  expected: string | null;
}
