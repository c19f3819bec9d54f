// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { alarms, feed, visits } from "../src/live";
import { dropMetal, followMetal, metal, sawAt, sawMetal } from "../src/metal";
import { alarmOf, entryOf, visitOf } from "./shapes";

const sounding = vi.hoisted(() => ({ metal: 0 }));
vi.mock("../src/tones", () => ({
  soundUntil: () => {
    sounding.metal++;
    return () => void sounding.metal--;
  },
  playTone: () => {},
}));

const withMetal = (id: string, at: string) => visitOf({ id, screening: "alarm", metal_found: at } as never);
let stop = () => {};
beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-11-30T06:10:00Z") });
  alarms.value = [];
  feed.value = [];
  visits.value = [];
  stop = followMetal();
});
afterEach(() => {
  stop();
  vi.useRealTimers();
});

test("sounds until a guard has seen it, and stays until a result is recorded", () => {
  visits.value = [withMetal("v1", "2026-11-30T06:09:00Z")];
  expect([metal.value.length, sounding.metal]).toEqual([1, 1]);
  sawMetal(metal.value);
  expect([metal.value[0].seen, sounding.metal]).toEqual([true, 0]);
  visits.value = [visitOf({ id: "v1", screening: "clear" } as never)];
  expect(metal.value).toEqual([]);
});

test("sounds again when it is reminded of, and when it sounds a second time", () => {
  visits.value = [withMetal("v2", "2026-11-30T06:09:00Z")];
  sawMetal(metal.value);
  alarms.value = [alarmOf({ subject: "v2" })];
  expect([metal.value[0].reminded, metal.value[0].seen, sounding.metal]).toEqual([true, false, 1]);
  sawMetal(metal.value);
  visits.value = [withMetal("v2", "2026-11-30T06:09:30Z")];
  expect(sounding.metal).toBe(1);
});

test("what was not seen comes before what was, then the newest", () => {
  visits.value = [withMetal("old", "2026-11-30T06:01:00Z"), withMetal("new", "2026-11-30T06:03:00Z"), withMetal("seen", "2026-11-30T06:05:00Z")];
  sawAt("seen");
  expect(metal.value.map((one) => one.visit?.id)).toEqual(["new", "old", "seen"]);
});

test("metal of a guest whom the detector cannot name stays until it is dropped, recorded, or a shift is over", () => {
  feed.value = [entryOf("screening_alarm", { number: 7, time: "2026-11-30T06:09:00Z" })];
  expect(metal.value.map((one) => one.entry)).toEqual([7]);
  dropMetal(metal.value[0]);
  expect([metal.value.length, sounding.metal]).toEqual([0, 0]);
  feed.value = [entryOf("screening_alarm", { number: 9, time: "2026-11-30T06:09:30Z" })];
  feed.value = [entryOf("screening_recorded", { number: 10 }), ...feed.value];
  expect(metal.value).toEqual([]);
  feed.value = [entryOf("screening_alarm", { number: 11, time: "2026-11-30T06:09:40Z" })];
  expect(metal.value.length).toBe(1);
  vi.advanceTimersByTime(8 * 3600_000);
  expect([metal.value.length, sounding.metal]).toEqual([0, 0]);
});
