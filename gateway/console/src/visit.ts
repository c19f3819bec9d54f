// SPDX-License-Identifier: Apache-2.0
// What a visit's state means at the post: the column it stands in and the one next act of the guard.
import type { Visit } from "./api";

export type Column = "at_post" | "waiting" | "inside" | "action";
export type Act = "ask" | "ask_again" | "badge" | "rebadge" | "screen" | "exit" | "leave" | "verbal";

const minute = 60_000;
// After this long without a decision the guard telephones (T3 of the spec's escalation).
export const overdue_ms = 5 * minute;

export const badgeOut = (visit: Visit) =>
  visit.badge !== null && (visit.badge.state === "issued" || visit.badge.state === "active");
export const accepted = (visit: Visit) => visit.approval === "accepted" || visit.approval === "accepted_later";
export const screened = (visit: Visit) => visit.screening === "clear" || visit.screening === "cleared_by_check";
// Went out through the exit, and the visit is not closed: the badge is still to come back.
export const hasLeft = (visit: Visit) =>
  visit.presence === "outside" && visit.state !== "registered";
export const isInside = (visit: Visit) =>
  !hasLeft(visit) && (visit.presence === "inside" || visit.state === "in_meeting" || visit.state === "finished");

function holdOver(visit: Visit, now: number): boolean {
  return visit.approval === "held" && (!visit.hold_until || Date.parse(visit.hold_until) <= now);
}
export function decisionOverdue(visit: Visit, now: number): boolean {
  return visit.approval === "sent" && visit.asked !== null && now - Date.parse(visit.asked) > overdue_ms;
}

export function columnOf(visit: Visit, now: number): Column {
  const badgeDied = visit.badge !== null && /^(revoked|expired|lost)$/.test(visit.badge.state);
  if (visit.state === "declined" || visit.state === "unaccounted" || visit.approval === "declined") return "action";
  if (visit.screening === "alarm" || visit.screening === "refused") return "action";
  if (visit.presence === "unknown" || badgeDied || hasLeft(visit)) return "action";
  if (holdOver(visit, now) || decisionOverdue(visit, now)) return "action";
  if (isInside(visit)) return "inside";
  return visit.state === "registered" ? "at_post" : "waiting";
}

export function primaryAct(visit: Visit, now: number): Act | null {
  const leaving = visit.state === "declined" || visit.approval === "declined" || visit.screening === "refused" ||
    visit.state === "unaccounted";
  if (leaving) return badgeOut(visit) ? "exit" : "leave";
  if (isInside(visit)) return "exit";
  if (hasLeft(visit)) return badgeOut(visit) ? "exit" : "leave";
  if (visit.approval === "none") return "ask";
  if (decisionOverdue(visit, now)) return "verbal";
  if (holdOver(visit, now)) return "ask_again";
  if (!accepted(visit)) return null;
  if (!visit.badge) return "badge";
  if (!badgeOut(visit)) return "rebadge";
  if (!screened(visit)) return "screen";
  return null;
}

// The key that does the same as the card's button.
export const actKey: Record<Act, string> = {
  ask: "F6", ask_again: "F6", badge: "F4", rebadge: "F4", screen: "F5", exit: "F7", leave: "F7", verbal: "F8",
};

export function initials(name: string): string {
  const parts = name.replace(/[^\p{L}\p{N}\s]/gu, " ").trim().split(/\s+/);
  return (parts.length > 1 ? parts[0][0] + parts[parts.length - 1][0] : (parts[0] ?? "?").slice(0, 2)).toUpperCase();
}

export function matches(visit: Visit, text: string): boolean {
  const wanted = text.trim().toLocaleLowerCase("id");
  if (!wanted) return true;
  const digits = wanted.replace(/\D/g, "");
  return [visit.name, visit.institution, visit.whom].some((field) => field.toLocaleLowerCase("id").includes(wanted)) ||
    (digits.length >= 4 && visit.phone.replace(/\D/g, "").includes(digits));
}
