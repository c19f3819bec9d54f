// SPDX-License-Identifier: Apache-2.0
// What a badge can do at this post now. The one answer for the band, the status line, the cards and the admin's header, so
// that no screen says "ready" while no badge is read or no door may open.

import { computed } from "@preact/signals";
import type { Lockdown, Point, Portal } from "./api";
import { devices, lockdowns, lostSince, portals, status, stopKind } from "./live";
import { placeName } from "./sentences";
import { coded, t } from "./words";

export type Ready =
  | "ready"
  | "some" // some: at a part of the doors
  | "lost"
  | "unread" // nothing is known: the line is lost, or the post has not been read yet
  | "starting"
  | "storage"
  | "fault" // no door is opened by the gateway
  | "lockdown"
  | "blocked"
  | "no_reader"
  | "no_door"
  | "none"
  | "clock";

export interface Readiness {
  state: Ready;
  unread: string[]; // points whose reader is off
  shut: string[]; // points whose controller is off
  blocked: string[]; // points that a person blocked
  closed: string[]; // points under a lockdown
}

interface Badged {
  portal: Portal;
  point: Point;
}
const covers = (plan: Lockdown, point: Point) => plan.areas.includes(point.from) || plan.areas.includes(point.to);
const ids = (all: Badged[]) => all.map(({ point }) => point.id);

export function activeLockdowns(): Lockdown[] {
  const reported = status.value?.lockdowns ?? [];
  return lockdowns.value.filter((plan) => plan.active || reported.includes(plan.id));
}

function look(): Readiness {
  const post = status.value;
  const points = portals.value.flatMap((portal) => portal.points.filter((point) => point.reader).map((point) => ({ portal, point })));
  const reads = (device: string | null | undefined) => !device || devices.value.some((one) => one.id === device && one.online);
  const plans = activeLockdowns();
  const closed = points.filter(({ point }) => plans.some((plan) => covers(plan, point)));
  const blocked = points.filter(({ portal }) => /^(blocked|locked_down)$/.test(portal.mode));
  const shut = points.filter(({ portal }) => !portal.online);
  const unread = points.filter(({ point }) => !reads(point.device));
  const hindered = new Set([...blocked, ...shut, ...unread]);
  const found = (state: Ready): Readiness => ({ state, unread: ids(unread), shut: ids(shut), blocked: ids(blocked), closed: ids(closed) });
  if (lostSince.value !== null) return found("lost");
  if (!post) return found("unread");
  if (!post.granting) {
    const kinds = post.why_not.map(stopKind);
    return found(kinds.includes("starting") ? "starting" : kinds.includes("fault") ? "fault" : "storage");
  }
  if (closed.length) return found("lockdown");
  if (hindered.size === points.length) {
    if (shut.length === points.length && points.length) return found("no_door");
    if (blocked.length === points.length && points.length) return found("blocked");
    return found(unread.length === points.length ? "no_reader" : "none");
  }
  if (post.clock === "suspect") return found("clock");
  return found(hindered.size ? "some" : "ready");
}

// Another one only when it changed: hundreds of cards look at it, and the status is read every few seconds.
let before = look();
export const readiness = computed<Readiness>(() => {
  const now = look();
  if (JSON.stringify(now) !== JSON.stringify(before)) before = now;
  return before;
});

// A door whose ways are all meant is named once; so are all doors together.
function named(points: string[]): string {
  const read = portals.value.map((portal) => ({ portal, ways: portal.points.filter((point) => point.reader).map((point) => point.id) }));
  if (read.every(({ ways }) => ways.every((way) => points.includes(way)))) return t("ready.all_doors");
  return read
    .flatMap(({ portal, ways }) => {
      const meant = ways.filter((way) => points.includes(way));
      return meant.length && meant.length === ways.length ? [portal.name || portal.id] : meant.map(placeName);
    })
    .join("; ");
}

// Why a badge opens nothing, or not everywhere, as one sentence; then the next act.
export function readyWhy({ state, unread, shut, blocked, closed }: Readiness): string {
  if (state === "lockdown") {
    const plans = activeLockdowns();
    const pass = [...new Set(plans.flatMap((plan) => plan.may_pass))].map((who) => coded("lockdown.pass", who)).join(", ");
    return t("ready.lockdown_why", { name: plans.map((plan) => plan.name).join(", "), doors: named(closed), who: pass || t("lockdown.nobody") });
  }
  if (state !== "some" && state !== "none") return t(`ready.${state}_why`);
  return [
    unread.length ? t("ready.unread_at", { doors: named(unread) }) : "",
    shut.length ? t("ready.shut_at", { doors: named(shut) }) : "",
    blocked.length ? t("ready.blocked_at", { doors: named(blocked) }) : "",
  ]
    .filter(Boolean)
    .join(" ");
}
export const readyWord = ({ state }: Readiness) => t(`ready.${state}`);
export const readyAct = ({ state }: Readiness) => t(`ready.${state}_act`);
