// SPDX-License-Identifier: Apache-2.0
// The shapes of docs/api.md as the console reads them.

export type Role = "guard" | "aide" | "admin";
export interface User {
  id: string;
  name: string;
  role: Role;
  disabled: boolean;
}
export interface Site {
  id: string;
  name: string;
  timezone: string;
  language: string;
}
export interface Session {
  user: User;
  site: Site;
  version: string;
  pin: boolean; // this account has one on this device
  pin_settable: boolean; // now, shortly after the password
  view_only: boolean;
}

export type VisitState =
  | "planned" | "arrived" | "registered" | "waiting" | "called" | "escorted" | "in_meeting" | "away" | "finished"
  | "departed" | "declined" | "rescheduled" | "referred" | "turned_away" | "no_show" | "cancelled" | "left_early" | "unaccounted";
export type Approval =
  | "none" | "sent" | "delivered" | "seen" | "accepted" | "accepted_later" | "held" | "referred" | "rescheduled"
  | "asked_back" | "declined" | "withdrawn";
export type Screening =
  | "pending" | "passed_through" | "clear" | "alarm" | "rewalk" | "manual_check" | "cleared_by_check" | "item_deposited"
  | "refused" | "held_and_reported" | "alternative";
export type Presence = "outside" | "at_post" | "waiting_room" | "inside" | "unknown";
export type Escort = "none" | "requested" | "started" | "at_door" | "handed_over" | "returned";
export type Attention = "none" | "possible" | "no_match" | "match" | "blocked";
export type Category = "general" | "special";
export type IdentityType = "ktp" | "sim" | "passport" | "other";
export type BadgeState =
  | "in_stock" | "issued" | "active" | "suspended" | "returned" | "expired" | "revoked" | "lost" | "quarantine" | "destroyed";

// What one reader's door says to a revocation; refused only where door is "refuses".
export interface DoorAnswer { point: string; refused: boolean; door: "refuses" | "open" | "offline" | "unknown"; last_heard: string | null }

export interface Badge {
  id: string;
  kind: "paper" | "card" | "staff";
  state: BadgeState;
  visit: string;
  name: string;
  host: string | null;
  issued: string;
  valid_until: string;
  ended: string | null;
  suspended: boolean;
  reason: string;
  print: "none" | "ordered" | "printed" | "sent" | "refused" | "unknown" | "confirmed";
  code: string; // printed on it, to type where no reader reads
}
export interface Deposit {
  id: string;
  visit: string;
  name: string;
  state: "received" | "stored" | "returned";
  what: string;
  tag: string;
  locker: string;
}
export interface PastVisit {
  arrived: string;
  state: VisitState;
  approval: Approval;
}
// The one next step of the visit's SOP.
export interface NextStep {
  step: string;
  activity: string;
  executor: string;
  evidence: "system" | "attested" | "unobservable";
}
export interface Visit {
  id: string;
  name: string;
  phone: string;
  institution: string;
  purpose: string;
  whom: string;
  category: Category;
  party: number;
  members: string;
  vehicle: string | null;
  identity_type: IdentityType | null;
  identity_last4: string | null;
  sop: string | null;
  state: VisitState;
  in_debt: boolean;
  out_of_hours: boolean;
  hours_permit: boolean;
  passback_exempt: boolean;
  attention: Attention;
  approval: Approval;
  approval_version: number;
  approval_reason: string;
  escalation: number;
  verbal: "none" | "unconfirmed" | "confirmed" | "disputed";
  second_aide: Person | null; // asked besides the one on duty
  members_limit: number | null; // of the party inside at once, by the SOP and the aide's permission
  members_permit: string | null; // who permitted more
  screening: Screening;
  metal_found: string | null; // an alarm that is not disposed of yet
  presence: Presence;
  where: Record<string, number>;
  escort: Escort;
  escorted_by: string | null;
  portrait: string | null;
  waiting_still: string | null;
  expected: string | null;
  expected_until: string | null;
  arrived: string;
  asked: string | null;
  decided: string | null;
  hold_until: string | null;
  closed: string | null;
  next: NextStep | null;
  badge: Badge | null; // the latest
  badges: Badge[]; // all that are out
  deposits: Deposit[];
  previous: PastVisit[];
  masked: boolean; // over and of an earlier day: name and phone masked, no pictures, until it is unmasked with a reason
  restricted: boolean; // shown at the data-subject desk only
  hours?: Hours; // only in the answer to a registration outside visiting hours
}
// With its newest entries, and how many it has.
export type FullVisit = Visit & { events: Entry[]; events_total: number };
export interface Hours {
  open: boolean;
  reason: "not_now" | "holiday" | "rest_hours" | null;
  rule: string | null;
  sunset: string | null;
  next_open: string | null;
}
export interface SopStep {
  id: string;
  activity: string;
  executor: string;
  evidence: string;
  event: string | null;
}
export interface Sop {
  id: string;
  number: string;
  title: string;
  steps: SopStep[];
}
export interface Device {
  id: string;
  kind: "camera" | "controller" | "detector" | "scanner" | "printer";
  online: boolean;
  since: string;
  detail: string;
  fault: string; // a code; empty: none, or none known
  outages: number; // within the last minute
  roles: string[]; // of a camera
  stats: Record<string, number>;
}
export type Level = "off" | "on" | "unknown";
export interface Point {
  id: string;
  from: string;
  to: string;
  reader: string | null;
  device: string | null; // that reads there
}
export type PortalMode = "locked" | "unlocked" | "blocked" | "locked_down" | "emergency_open";
export interface Portal {
  id: string;
  name: string;
  kind: "door" | "turnstile";
  mode: PortalMode;
  mode_by: "schedule" | "person" | null;
  unlocked_until: string | null; // by schedule
  unlocks: string | null; // when the schedule does so next
  contact: Level;
  lock: { commanded: boolean | Level; observed: Level };
  age_ms: number;
  online: boolean;
  points: Point[];
  alarms: string[];
}
export interface Area {
  id: string;
  name: string;
  people: number;
  limit: number | null;
}
export interface Lockdown {
  id: string;
  name: string;
  areas: string[];
  may_pass: string[];
  revert_minutes: number | null;
  active: boolean;
  until: string | null;
}
export interface MusterPerson {
  visit: string;
  name: string;
  party: number;
  presence: Presence;
  presence_at: string | null;
  where: Record<string, number>;
  safe: boolean;
}
export interface Muster {
  entry: number | null;
  started: string | null;
  safe: number;
  people: MusterPerson[];
  staff: { badge: string; host: string; name: string; area: string }[];
}
export interface Person {
  id: string;
  name: string;
}
export interface Shift {
  entry: number | null;
  guards: Person[];
  handed_to: Person | null;
  attended: boolean;
  note: string | null;
  colleagues: Person[];
  to_hand_over: { visits: number; badges: number; deposits: number; alarms: number; devices_offline: string[] };
}
// The aides' roster of this moment. Nobody on duty: questions go to all.
export interface Duty {
  first: Person | null;
  second: Person | null;
  offered_to: Person | null;
  aides: Person[];
}
export interface Host {
  id: string;
  name: string;
  unit: string | null;
  receives: boolean;
  escorts: boolean;
}
export type LeaderState = "receiving" | "in_a_meeting" | "resting" | "away";
export interface AttentionPerson {
  id: string;
  name: string;
  phone: string;
  why: string;
  blocks: boolean;
  made: string;
}
export interface Alarm {
  number: number;
  kind: string;
  priority: "critical" | "high" | "medium";
  subject: string;
  silent?: boolean;
  active: boolean;
  raised: string;
  cleared: string | null;
  acknowledged_by: string | null;
  handling: string | null;
}
export interface AlarmReport {
  rate: { day: number; per_10_minutes: number; worst_10_minutes: number };
  chattering: { kind: string; subject: string | null; times: number; last: string }[];
  stale: Alarm[];
  fix: { subject: string; times: number; kinds: { kind: string; times: number }[] }[];
}
export interface Entry {
  number: number;
  time: string;
  type: string;
  point: string | null;
  actor: string;
  actor_id?: string;
  visit: string | null;
  badge: string | null;
  ref: number | null;
  data: Record<string, unknown>;
  note?: string | null;
  pictures: string[];
  clips?: string[];
  times?: number; // made on this screen: for how many of its kind the line stands
}
export interface Status {
  version: string;
  site: string | Site;
  started: string;
  time: string;
  clock: string;
  granting: boolean;
  why_not: string[];
  journal: { entries: number; bytes: number };
  disk: { free_bytes: number };
  devices: Device[];
  portals: Portal[];
  leader: LeaderState | null;
  attended: boolean;
  lockdowns: string[];
  muster: boolean;
}
export type Handling = "handled" | "false_alarm" | "passed_on";
export type Decision = "accept_now" | "accept_later" | "hold" | "refer" | "reschedule" | "ask" | "decline";
export interface DecisionBody {
  decision: Decision;
  minutes?: number;
  reason?: string;
  when?: string;
  version: number;
  verbal?: boolean;
  all_members?: boolean; // over the SOP's limit of people inside
}
// Of a 409 same_person: a known person who could be meant.
export interface Candidate {
  person: string;
  name: string;
  visit: string | null; // open, or planned
  state: VisitState | null;
  expected: string | null;
}
export interface NewVisit {
  person?: string; // the id of a guest or a visit, or "new"
  name: string;
  purpose?: string;
  whom?: string;
  category: Category;
  phone?: string;
  institution?: string;
  portrait?: string;
  party?: number;
  members?: string;
  vehicle?: string;
  identity_type?: IdentityType;
  identity_last4?: string;
  quick?: boolean;
}
export interface IssuedBadge {
  badge: Badge;
  token: string | null;
  qr: string | null;
  page: string | null;
}

// Personal data (docs/api.md)
export type DataClass = "visit" | "portrait" | "nik" | "clip" | "approval" | "deviation" | "audit";
export interface RetentionClass {
  class: DataClass; jra: string; days: number; action: "destroy" | "anonymise" | "permanent"; before: string | null;
  due: number; held: number; oldest: string | null; next: { days: number; action: string; agreed_by: string | null } | null;
}
export interface ErasureRun {
  id: string; guest: string | null; approved_by: string; approved: string; finished: string | null;
  classes: { class: string; jra: string; days: number; before: string; visits: number; persons: number; notes: number; deposits: number; pictures: number; clips: number }[];
}
export interface Retention {
  classes: RetentionClass[]; open_visits: number; anonymised: number; backups: { name: string; made: string; entries: number }[]; run: ErasureRun | null;
}
export interface LegalHold { id: string; guest: string | null; visit: string | null; made_by: string; made: string; reason: string }
export interface Subject { guest: string; name: string; phone: string; visits: number; last: string | null; restricted: boolean; erased: string | null; held: boolean }
export type CaseKind = "access" | "correct" | "restrict" | "erase" | "object";
export interface Case {
  id: string; guest: string; kind: CaseKind; state: "open" | "answered" | "refused"; requester: string; purpose: string; opened_by: string;
  opened: string; due: string; minutes_left: number | null; closed_by: string | null; closed: string | null; ground: string;
}
