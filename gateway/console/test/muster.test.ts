// SPDX-License-Identifier: Apache-2.0
import { beforeEach, expect, test, vi } from "vitest";
import { ApiError } from "../src/api";
import { forgetMuster, markSafe, marks, muster, offline, readMuster } from "../src/muster";
import { recall } from "../src/words";

const daemon = vi.hoisted(() => ({ muster: vi.fn(), markSafe: vi.fn() }));
vi.mock("../src/api", async () => {
  const { ApiError, newKey } = await vi.importActual<typeof import("../src/call")>("../src/call");
  return { ApiError, newKey, api: daemon };
});

const list = { entry: 40, people: [] };
const lost = () => Promise.reject(new ApiError("offline", 0, ""));
const kept = () => JSON.parse(recall("gapura.muster.marks") ?? "[]") as { visit: string }[];
const settled = () => new Promise((done) => setTimeout(done));
beforeEach(async () => {
  daemon.muster.mockReset().mockResolvedValue(list);
  daemon.markSafe.mockReset().mockResolvedValue(list);
  marks.value = [];
  await readMuster();
});

test("marks that are taken without a line are kept on the device and sent when it is back, once each and oldest first", async () => {
  daemon.muster.mockImplementation(lost);
  markSafe("v1");
  markSafe("v2");
  markSafe("v1");
  await settled();
  expect(offline.value).toBe(true);
  expect(kept().map((one) => one.visit)).toEqual(["v1", "v2"]);
  daemon.muster.mockResolvedValue(list);
  await readMuster();
  expect(daemon.markSafe.mock.calls.map(([visit]) => visit)).toEqual(["v1", "v2"]);
  expect([offline.value, marks.value, kept()]).toEqual([false, [], []]);
});

test("a mark keeps its key, so that one sent twice is one mark", async () => {
  daemon.markSafe.mockImplementationOnce(lost);
  markSafe("v1");
  await settled();
  await readMuster();
  const [first, second] = daemon.markSafe.mock.calls;
  expect(second).toEqual([first[0], first[1], first[2], true]);
});

test("a mark never counts for another roll call, and one that is refused for good is dropped", async () => {
  daemon.muster.mockImplementation(lost);
  markSafe("v1");
  await settled();
  daemon.muster.mockResolvedValue({ ...list, entry: 90 });
  await readMuster();
  expect(daemon.markSafe).not.toHaveBeenCalled();
  daemon.markSafe.mockRejectedValueOnce(new ApiError("not_found", 404, ""));
  markSafe("v2");
  await settled();
  expect(marks.value).toEqual([]);
});

test("a mark waits for the PIN", async () => {
  daemon.markSafe.mockRejectedValueOnce(new ApiError("proof_required", 403, ""));
  markSafe("v1");
  await settled();
  expect(marks.value.map((one) => one.visit)).toEqual(["v1"]);
});

test("names leave the browser with the person who signs out", () => {
  expect(muster.value?.list.entry).toBe(40);
  forgetMuster();
  expect([muster.value, recall("gapura.muster")]).toEqual([null, "null"]);
});
