// SPDX-License-Identifier: Apache-2.0
// From journal entries to the band the guard sees: LOLOS, PERIKSA or TOLAK, with the reason as a sentence.

import { signal } from "@preact/signals";
import type { Entry, Visit } from "./api";
import { findVisit, isFlood, onEntry } from "./live";
import { activityOf } from "./sops";
import { serverNow } from "./time";
import { type Kind, playTone } from "./tones";
import { has, t } from "./words";

export interface Verdict {
  number: number; // of the entry that decided
  kind: Kind;
  at: string;
  seen: number; // when this page learned of it
  point: string | null;
  visit: string | null;
  badge: string | null;
  codes: string[]; // every reason of a denial
  steps: string[]; // of the SOP, that are missing
  outcome: string | null; // type of the outcome entry, once there is one
  why: string;
  byGuard: boolean;
  still: string | null;
}

// Denials that the guard settles at the post, in a moment and without blame: amber. All others are a refusal.
const to_check = new Set([
  "screening_missing",
  "screening_stale",
  "screening_alarm",
  "not_approved",
  "escort_missing",
  "escort_limit",
  "second_person_missing",
  "duplicate_scan",
  "ambiguous_scan",
  "interlock_busy",
  "chamber_timeout",
  "rate_limited",
  "timed_apb",
  "not_active_yet",
  "area_full",
  "sop_step_missing",
  "clock_untrusted",
  "portal_fault",
  "malformed_payload",
]);

export const verdict = signal<Verdict | null>(null);

// A missing step of the SOP, in the SOP's own words.
const stepText = (step: string, visit: Visit | undefined) =>
  step === "deposit_return" ? t("deny.step.deposit_return") : t("deny.step", { what: activityOf(step, visit) });

// `steps`: that the entry names, when a step of the SOP is missing.
export function denialText(code: string, steps: string[] = [], visit?: Visit): string {
  if (code === "sop_step_missing" && steps.length) return steps.map((step) => stepText(step, visit)).join(" ");
  const key = `deny.${code}`;
  return has(key) ? t(key) : t("deny.other", { code });
}
// What the guard says to the guest; empty where there is nothing to say.
export function denialSay(code: string | undefined, steps: string[]): string {
  const key = code === "sop_step_missing" && steps.includes("deposit_return") ? "say.deposit_return" : `say.${code}`;
  return has(key) ? t(key) : "";
}
// Why a release was not used, or is not known to have been, with what to do.
export function failureText(why: string, byGuard = false): string {
  if (byGuard && why === "no_passage") return t("outcome.no_passage_guard");
  const key = `outcome.${why}`;
  return has(key) ? t(key) : t("outcome.other", { why });
}
export function outcomeText(one: Verdict): string {
  if (one.outcome === "access_taken") return t(one.why === "assumed" ? "verdict.taken_assumed" : "verdict.taken");
  return one.outcome ? failureText(one.why, one.byGuard) : t("verdict.go");
}
export function reasonText(one: Verdict): string {
  if (one.codes.length) return denialText(one.codes[0], one.steps, findVisit(one.visit));
  return (one.byGuard ? `${t("verdict.by_guard")} ` : "") + outcomeText(one);
}

export function reasonsOf(entry: Entry): string[] {
  const reasons = entry.data.reasons;
  return Array.isArray(reasons) ? reasons.map(String) : typeof entry.data.reason === "string" ? [entry.data.reason] : [];
}

export const stepsOf = (entry: Entry): string[] => (Array.isArray(entry.data.steps) ? entry.data.steps.map(String) : []);

export function kindOfDenial(codes: string[]): Kind {
  return codes.length && to_check.has(codes[0]) ? "check" : "refuse";
}

function fresh(entry: Entry, kind: Kind, codes: string[]): Verdict {
  return {
    number: entry.number,
    kind,
    at: entry.time,
    seen: serverNow(),
    point: entry.point,
    visit: entry.visit,
    badge: entry.badge,
    codes,
    steps: stepsOf(entry),
    outcome: null,
    why: "",
    byGuard: entry.data.by === "guard",
    still: entry.pictures[0] ?? null,
  };
}

// Exported for the band's own tests through the page; called once for every live entry.
function follow(entry: Entry) {
  const now = verdict.value;
  if (entry.type === "access_granted") return show(fresh(entry, "pass", []));
  if (entry.type === "access_denied") {
    if (isFlood(entry)) return; // the first ten within ten seconds were shown; the rest must not hide who may pass elsewhere
    const codes = reasonsOf(entry);
    // The same badge still in view right after its grant says nothing new.
    if (codes[0] === "duplicate_scan" && now && now.badge === entry.badge && serverNow() - now.seen < 5000) return;
    return show(fresh(entry, kindOfDenial(codes), codes));
  }
  if (!now || entry.ref !== now.number) return;
  if (entry.type === "picture_kept" && typeof entry.data.hash === "string") {
    verdict.value = { ...now, still: entry.data.hash };
  } else if (/^access_(taken|not_taken|unknown)$/.test(entry.type)) {
    const kind = entry.type === "access_taken" ? "pass" : "check";
    verdict.value = { ...now, outcome: entry.type, why: String(entry.data.why ?? ""), kind, seen: serverNow() };
    if (kind === "check") playTone("check");
  }
}
function show(one: Verdict) {
  verdict.value = one;
  playTone(one.kind);
}

export function followVerdicts(): () => void {
  return onEntry(follow);
}
