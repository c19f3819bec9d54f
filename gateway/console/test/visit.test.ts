// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { cardsOut, columnOf, decisionOverdue, isInside, lacksBadges, peopleWithin, stoppedCard } from "../src/visit";
import { badgeOf, visitOf } from "./shapes";

const now = Date.parse("2026-11-30T06:10:00Z");

describe("the column of a visit", () => {
  test.each([
    ["at_post", { state: "planned" }],
    ["at_post", { state: "registered" }],
    ["waiting", { state: "waiting", approval: "sent", asked: "2026-11-30T06:09:00Z" }],
    ["action", { state: "waiting", approval: "sent", asked: "2026-11-30T06:04:00Z" }],
    ["action", { state: "waiting", approval: "asked_back" }],
    ["waiting", { state: "waiting", approval: "held", hold_until: "2026-11-30T06:20:00Z" }],
    ["action", { state: "waiting", approval: "held", hold_until: "2026-11-30T06:09:59Z" }],
    ["action", { state: "waiting", screening: "alarm" }],
    ["action", { state: "declined" }],
    ["inside", { state: "in_meeting", presence: "inside" }],
    ["action", { state: "in_meeting", presence: "unknown" }],
    ["action", { state: "in_meeting", presence: "outside" }],
    ["action", { state: "waiting", badge: badgeOf({ state: "revoked", reason: "lost" }) }],
    ["action", { state: "waiting", badges: [badgeOf({ print: "unknown" } as never)] }],
  ])("is %s for %o", (column, more) => {
    expect(columnOf(visitOf(more as never), now)).toBe(column);
  });
});

test("a decision is overdue five minutes after it was asked for, or when it was escalated", () => {
  const asked = (more: object) => visitOf({ approval: "seen", asked: "2026-11-30T06:05:00Z", ...more } as never);
  expect(decisionOverdue(asked({}), now)).toBe(false);
  expect(decisionOverdue(asked({}), now + 1)).toBe(true);
  expect(decisionOverdue(asked({ escalation: 3 }), now - 60_000)).toBe(true);
  expect(decisionOverdue(asked({ approval: "accepted" }), now + 1)).toBe(false);
});

test("a stopped card is kept first, unless no guest has it", () => {
  expect(stoppedCard(visitOf({ badge: badgeOf({ state: "lost" }) } as never))?.id).toBe("b1");
  expect(stoppedCard(visitOf({ badge: badgeOf({ state: "revoked", reason: "" }) } as never))).toBeUndefined();
  expect(stoppedCard(visitOf({ badge: badgeOf({ state: "lost" }), badges: [badgeOf({ id: "b2" })] } as never))).toBeUndefined();
});

test("cards and people are counted, those in the waiting room too", () => {
  const party = visitOf({ party: 4, badges: [badgeOf(), badgeOf({ id: "b2" })], where: { outside: 2, waiting_room: 1, house: 1 } } as never);
  expect([cardsOut(party), lacksBadges(party), peopleWithin(party)]).toEqual([2, true, 2]);
  expect(peopleWithin(visitOf({ party: 3, state: "in_meeting", presence: "inside" } as never))).toBe(3);
  expect(isInside(visitOf({ state: "finished", presence: "unknown" } as never))).toBe(true);
});
