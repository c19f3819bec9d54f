// SPDX-License-Identifier: Apache-2.0
// What a visit's state means at the post: its column and the one next act of the guard.
import type { Badge, Visit } from "./api";
import { eventOfNext } from "./sops";

export type Column = "at_post" | "waiting" | "inside" | "action";
export type Act =
  | "arrive"
  | "register"
  | "complete"
  | "attention"
  | "attest"
  | "decide_step"
  | "portrait"
  | "ask"
  | "ask_again"
  | "answer"
  | "verbal"
  | "badge"
  | "rebadge"
  | "screen"
  | "call"
  | "escort"
  | "hand_over"
  | "finish"
  | "away"
  | "come_back"
  | "escort_back"
  | "deposit_back"
  | "exit"
  | "leave"
  | "check_print"
  | "stopped_card";

const minute = 60_000;
// After this long without a decision the guard telephones (T3 of the spec's escalation).
export const overdue_ms = 5 * minute;

export const isPlanned = (visit: Visit) => visit.state === "planned";
// The aide has been asked and has not answered.
export const isAsked = (visit: Visit) => /^(sent|delivered|seen)$/.test(visit.approval);
const opens = (badge: Badge) => badge.state === "issued" || badge.state === "active";
export const badgeOut = (visit: Visit) => visit.badges.some(opens) || (visit.badge !== null && opens(visit.badge));
// A party whose badges are not all given yet.
export const lacksBadges = (visit: Visit) => visit.badges.length > 0 && visit.badges.length < visit.party;
export const accepted = (visit: Visit) => visit.verbal !== "disputed" && (visit.approval === "accepted" || visit.approval === "accepted_later");
// A card of the stock may be bound: accepted, and none is out, or the party's next one.
export const canHaveCard = (visit: Visit) => !visit.closed && accepted(visit) && (!badgeOut(visit) || lacksBadges(visit));
// Its printer failed, or it is not known whether paper came out.
export const printUnsure = (visit: Visit) => visit.badges.find((badge) => /^(unknown|refused)$/.test(badge.print));
export const screened = (visit: Visit) => /^(clear|cleared_by_check|alternative)$/.test(visit.screening);
// The aide's no, in whichever words: nothing is left but the way out.
export const turnedDown = (visit: Visit) => /^(declined|rescheduled|referred|left_early)$/.test(visit.state) || visit.approval === "declined";
// Went out through the exit, and the visit is not closed: the badge is still to come back.
export const hasLeft = (visit: Visit) => visit.presence === "outside" && !/^(planned|arrived|registered|away)$/.test(visit.state);
export const isInside = (visit: Visit) => !hasLeft(visit) && (visit.presence === "inside" || /^(in_meeting|finished|away)$/.test(visit.state));
// How many of them are past the gate, the waiting room included. One who was let in by hand is in no area.
export function peopleWithin(visit: Visit): number {
  const counted = Object.entries(visit.where ?? {}).reduce((sum, [area, people]) => sum + (area === "outside" ? 0 : Math.max(0, people)), 0);
  return counted || (isInside(visit) ? (visit.party ?? 1) : 0);
}
export const canEscort = (visit: Visit) => accepted(visit) && screened(visit) && badgeOut(visit) && !isInside(visit) && !hasLeft(visit);

// The latest card, when it was stopped while its guest is here: it is kept before anything else is given. Not one that never
// came out of the printer (no guest has it), nor one whose time is over. `returned`: kept just now, and no other one is out.
export function stoppedCard(visit: Visit): Badge | undefined {
  const { badge } = visit;
  if (!badge || badgeOut(visit) || hasLeft(visit)) return undefined;
  const stopped = badge.state === "revoked" ? badge.reason !== "" : /^(suspended|lost|quarantine)$/.test(badge.state);
  return stopped || (badge.state === "returned" && badge.reason !== "") ? badge : undefined;
}

// Cards that are not at the post: those that open, and the latest when it was stopped, was lost or ran out. Not one
// that never came out of the printer.
export function cardsOut(visit: Visit): number {
  const { badge, badges } = visit;
  const stopped =
    badge !== null &&
    !badges.some((one) => one.id === badge.id) &&
    (opens(badge) || /^(suspended|lost|expired)$/.test(badge.state) || (badge.state === "revoked" && badge.reason !== ""));
  return badges.length + (stopped ? 1 : 0);
}

function holdOver(visit: Visit, now: number): boolean {
  return visit.approval === "held" && (!visit.hold_until || Date.parse(visit.hold_until) <= now);
}
export function decisionOverdue(visit: Visit, now: number): boolean {
  return isAsked(visit) && (visit.escalation >= 3 || (visit.asked !== null && now - Date.parse(visit.asked) > overdue_ms));
}

export function columnOf(visit: Visit, now: number): Column {
  const badgeDied = stoppedCard(visit) || (visit.badge !== null && !badgeOut(visit) && /^(revoked|expired|lost|suspended)$/.test(visit.badge.state));
  if (isPlanned(visit)) return "at_post";
  if (turnedDown(visit) || visit.state === "unaccounted" || visit.verbal === "disputed") return "action";
  if (visit.attention === "possible" || visit.attention === "blocked" || visit.approval === "asked_back") return "action";
  if (/^(alarm|refused|held_and_reported)$/.test(visit.screening)) return "action";
  if (visit.presence === "unknown" || badgeDied || hasLeft(visit)) return "action";
  if (holdOver(visit, now) || decisionOverdue(visit, now) || printUnsure(visit)) return "action";
  if (isInside(visit)) return "inside";
  return visit.state === "registered" || visit.state === "arrived" ? "at_post" : "waiting";
}

// What the guard does for a step of the SOP, by the fact that proves the step. A step without an entry is not the guard's.
const actOfEvent: Record<string, Act> = {
  "visit.registered": "register",
  "visit.completed": "complete",
  "portrait.taken": "portrait",
  "badge.issued": "badge",
  "checkpoint.passed": "screen",
  "checkpoint.disposed": "screen",
  "approval.asked": "ask",
  "visit.called": "call",
  "escort.started": "escort",
  "escort.handed_over": "hand_over",
  "visit.finished": "finish",
  "escort.returned": "escort_back",
  "deposit.returned": "deposit_back",
  "badge.returned": "exit",
  "visit.departed": "exit",
};

// What no SOP puts off: a question about the person, the aide's own question, a decision by telephone.
function urgentAct(visit: Visit, now: number): Act | null {
  if (visit.state === "planned") return "arrive";
  if (visit.state === "arrived") return "register";
  if (visit.attention === "possible") return "attention";
  if (visit.screening === "alarm" && visit.metal_found) return "screen";
  if (stoppedCard(visit)) return "stopped_card";
  if (visit.approval === "asked_back") return "answer";
  if (turnedDown(visit)) return badgeOut(visit) ? "exit" : "leave";
  if (decisionOverdue(visit, now)) return "verbal";
  if (holdOver(visit, now) || visit.approval === "withdrawn") return "ask_again";
  return printUnsure(visit) ? "check_print" : null;
}

// What a guest does is recorded by the guard.
export const isForPost = ({ executor, evidence }: NonNullable<Visit["next"]>) =>
  /^(guard|system)$/.test(executor) || (executor === "guest" && evidence === "attested");

// The SOP's one next step as the guard's act; null when another person does it; undefined when the visit follows no SOP.
function stepAct(visit: Visit, eventOf: (visit: Visit) => string | null | undefined): Act | null | undefined {
  if (!visit.sop || !visit.next) return undefined;
  if (!isForPost(visit.next)) return null;
  if (visit.next.evidence === "attested") return visit.next.answers ? "decide_step" : "attest";
  const event = eventOf(visit);
  const act = event ? (actOfEvent[event] ?? null) : undefined;
  if (act === "badge" && visit.badge) return "rebadge";
  return act === "exit" && !badgeOut(visit) ? "leave" : act; // there is no card to take
}

export function primaryAct(visit: Visit, now: number): Act | null {
  const urgent = urgentAct(visit, now);
  if (urgent) return urgent;
  const step = stepAct(visit, eventOfNext);
  if (step !== undefined) return step;
  const leaving = visit.screening === "refused" || visit.state === "unaccounted";
  if (leaving) return badgeOut(visit) ? "exit" : "leave";
  if (visit.state === "away") return "come_back";
  if (isInside(visit)) return "exit";
  if (hasLeft(visit)) return badgeOut(visit) ? "exit" : "leave";
  if (/^(started|at_door)$/.test(visit.escort)) return "hand_over";
  if (visit.approval === "none") return "ask";
  if (!accepted(visit)) return visit.verbal === "disputed" && badgeOut(visit) ? "exit" : null;
  if (!visit.badge) return "badge";
  if (!badgeOut(visit)) return "rebadge";
  if (!screened(visit)) return "screen";
  return null;
}

// The key that does the same as the card's button; acts without one are done by Enter.
export const actKey: Partial<Record<Act, string>> = {
  ask: "F6",
  ask_again: "F6",
  badge: "F4",
  rebadge: "F4",
  screen: "F5",
  exit: "F7",
  leave: "F7",
  escort: "F7",
  hand_over: "F7",
  escort_back: "F7",
  verbal: "F8",
};

export function initials(name: string): string {
  const parts = name
    .replace(/[^\p{L}\p{N}\s]/gu, " ")
    .trim()
    .split(/\s+/);
  return (parts.length > 1 ? parts[0][0] + parts[parts.length - 1][0] : (parts[0] ?? "?").slice(0, 2)).toUpperCase();
}

// The number printed on a badge, however it is typed: as models/visit/typed_code.h reads it.
const codeOf = (text: string) => text.toUpperCase().replace(/[\s-]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
export const isBadgeCode = (text: string) => /^[0-9A-HJKMNP-TV-Z]{6}[0-9A-HJKMNP-Z*~$=]$/.test(codeOf(text)); // the last one is a check
export const hasCode = (visit: Visit, text: string) => visit.badges.some((badge) => badge.code.startsWith(codeOf(text)));

// A number's digits without the country's code or the zero in its place, so that +62 812 and 0812 find each other.
const nationalOf = (text: string) => text.replace(/\D/g, "").replace(/^(0062|62|0)0?(?=\d{3})/, "");

export function matches(visit: Visit, text: string): boolean {
  const wanted = text.trim().toLocaleLowerCase("id");
  if (!wanted) return true;
  const digits = nationalOf(wanted);
  if (codeOf(wanted).length >= 6 && hasCode(visit, wanted)) return true;
  return (
    [visit.name, visit.institution, visit.whom].some((field) => field.toLocaleLowerCase("id").includes(wanted)) ||
    (digits.length >= 4 && nationalOf(visit.phone).includes(digits))
  );
}
