// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ApiError, type Entry } from "../src/api";
import { lostSince } from "../src/live";
import { closeStream, expectEntry, openStream } from "../src/stream";
import { entryOf } from "./shapes";

vi.stubGlobal("window", globalThis);
vi.stubGlobal("removeEventListener", () => {});
Object.assign(document, { addEventListener: () => {}, removeEventListener: () => {} });

// A connection to the daemon, as the test moves it.
class Line {
  static readonly CONNECTING = 0;
  static all: Line[] = [];
  readyState = Line.CONNECTING;
  onopen = () => {};
  onerror = () => {};
  #listeners = new Map<string, (event: { data: string }) => void>();
  constructor(readonly address: string) {
    Line.all.push(this);
  }
  addEventListener = (name: string, listener: (event: { data: string }) => void) => this.#listeners.set(name, listener);
  close = () => {};
  opens() {
    this.readyState = 1;
    this.onopen();
  }
  brings = (number: number) => this.#listeners.get("entry")!({ data: JSON.stringify(entryOf("alarm_raised", { number })) });
  beats = (last: number) => this.#listeners.get("beat")!({ data: JSON.stringify({ last }) });
}
vi.stubGlobal("EventSource", Line);
const newest = () => Line.all[Line.all.length - 1];

const follower = { onEntry: vi.fn((_: Entry) => {}), onUnreadable: vi.fn(), onBack: vi.fn(), look: vi.fn(() => Promise.resolve()) };
const seen = () => follower.onEntry.mock.calls.map(([entry]) => entry.number);
beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  Line.all = [];
  openStream(7, follower);
  newest().opens();
});
afterEach(() => {
  closeStream();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

test("it begins after the last entry that was read, and gives each entry once", () => {
  expect(newest().address).toContain("after=7");
  for (const number of [7, 8, 9, 9, 8, 10]) newest().brings(number);
  expect(seen()).toEqual([8, 9, 10]);
});

test("silent for ten seconds it is lost; connected again it goes on after its last entry, and what was missed is read", () => {
  newest().brings(8);
  vi.advanceTimersByTime(9_000);
  expect(lostSince.value).toBeNull();
  vi.advanceTimersByTime(3_000);
  expect(lostSince.value).not.toBeNull();
  expect(Line.all.length).toBe(2);
  expect(newest().address).toContain("after=8");
  expect(follower.onBack).not.toHaveBeenCalled();
  newest().opens();
  expect(lostSince.value).toBeNull();
  expect(follower.onBack).toHaveBeenCalledOnce();
});

test("a heartbeat every four seconds keeps it", () => {
  for (let n = 0; n < 10; n++) {
    vi.advanceTimersByTime(4_000);
    newest().beats(7);
  }
  expect([Line.all.length, lostSince.value]).toEqual([1, null]);
});

test("it is dead, though it beats, when it does not bring an entry that the status knows", () => {
  expectEntry(8);
  for (let n = 0; n < 3; n++) {
    vi.advanceTimersByTime(4_000);
    newest().beats(7);
  }
  expect(Line.all.length).toBe(2);
});

test("an entry that it leaves out for this account is not owed once a heartbeat passed it", () => {
  expectEntry(8);
  for (let n = 0; n < 3; n++) {
    vi.advanceTimersByTime(4_000);
    newest().beats(8);
  }
  expect(Line.all.length).toBe(1);
});

test("a status that finds no line says so before the silence does", async () => {
  follower.look.mockRejectedValueOnce(new ApiError("offline", 0, ""));
  await vi.advanceTimersByTimeAsync(4_100);
  expect(lostSince.value).not.toBeNull();
});

test("an entry that cannot be read is reported", () => {
  follower.onEntry.mockImplementationOnce(() => {
    throw new Error("of a later version");
  });
  newest().brings(8);
  expect(follower.onUnreadable).toHaveBeenCalledOnce();
});
