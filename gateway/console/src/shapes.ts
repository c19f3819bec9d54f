// SPDX-License-Identifier: Apache-2.0
// The API's shapes by the names of openapi.json, as generate.mjs writes them; docs/api.md says what their members mean. By hand
// are only the names that the document does not give: of the bodies and answers of single routes, and of what is narrower here.
import type { Event, Visit } from "./generated/api";
import type { Answer, Body } from "./routes";

export type * from "./generated/api";
export type { AlarmHandling, BadgeState, CaseKind, EscortState, EventType, LeaderState, PortalMode, Role } from "./generated/words";

export type Session = Answer<"/session">;
// One visit, which comes with its newest entries and how many it has.
export type FullVisit = Visit & Required<Pick<Visit, "events" | "events_total">>;
// `person`: the id of a guest or a visit, or "new".
export type NewVisit = Body<"/visits">;
// Of a guest whose data are complete.
export type FilledVisit = Body<"/visits/{id}/complete">;
export type Category = Visit["category"];
export type IdentityType = NonNullable<Visit["identity_type"]>;
export type IssuedBadge = Answer<"/visits/{id}/badge", "post">;
export type BadgeChange = Body<"/badges/{id}/change">["to"];
export type DecisionBody = Body<"/visits/{id}/decision">;
export type EscortStep = Body<"/visits/{id}/escort">["to"];
export type ScreeningResult = Body<"/visits/{id}/screening">["result"];
// Those that a person notes; the gateway finds the others itself.
export type NotedDeviation = Body<"/visits/{id}/deviation">["kind"];
export type AlarmReport = Answer<"/alarms/report">;
export type Retention = Answer<"/retention">;
// `times`: made on this screen: of how many of its kind the line is.
export type Entry = Event & { times?: number };

// Of a 409 same_person: a known person who could be meant. openapi.json declares no problem documents.
export interface Candidate {
  person: string;
  name: string;
  visit: string | null; // open, or planned
  state: Visit["state"] | null;
  expected: string | null;
}
