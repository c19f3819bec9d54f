// SPDX-License-Identifier: Apache-2.0
import { beforeEach, expect, test } from "vitest";
import type { Lockdown } from "../src/api";
import { devices, lockdowns, lostSince, portals, status } from "../src/live";
import { readiness } from "../src/readiness";
import { deviceOf, portalOf, statusOf } from "./shapes";

const house = () =>
  portalOf({ id: "house", name: "Kediaman", points: [{ id: "house_in", reader: true, device: "camera2", from: "lobby", to: "house" }] as never });
beforeEach(() => {
  lostSince.value = null;
  status.value = statusOf();
  portals.value = [portalOf(), house()];
  devices.value = [deviceOf(), deviceOf({ id: "camera2" })];
  lockdowns.value = [];
});

test("is ready only while badges are read and doors may open", () => {
  expect(readiness.value.state).toBe("ready");
});

test.each<[string, () => void]>([
  [
    "unread",
    () => {
      status.value = null;
    },
  ],
  [
    "lost",
    () => {
      lostSince.value = 1;
    },
  ],
  [
    "starting",
    () => {
      status.value = statusOf({ granting: false, why_not: ["the site is starting"] });
    },
  ],
  [
    "fault",
    () => {
      status.value = statusOf({ granting: false, why_not: ["the gateway found a fault in itself"] });
    },
  ],
  [
    "storage",
    () => {
      status.value = statusOf({ granting: false, why_not: ["the disk is full"] });
    },
  ],
  [
    "lockdown",
    () => {
      lockdowns.value = [{ id: "all", name: "Semua", active: true, areas: ["lobby"], may_pass: [] } as unknown as Lockdown];
    },
  ],
  [
    "no_door",
    () => {
      portals.value = portals.value.map((one) => ({ ...one, online: false }));
    },
  ],
  [
    "blocked",
    () => {
      portals.value = portals.value.map((one) => ({ ...one, mode: "blocked" as const }));
    },
  ],
  [
    "no_reader",
    () => {
      devices.value = devices.value.map((one) => ({ ...one, online: false }));
    },
  ],
  [
    "none",
    () => {
      devices.value = [deviceOf({ online: false }), deviceOf({ id: "camera2" })];
      portals.value = [portalOf(), { ...house(), online: false }];
    },
  ],
  [
    "some",
    () => {
      devices.value = [deviceOf({ online: false }), deviceOf({ id: "camera2" })];
    },
  ],
  [
    "clock",
    () => {
      status.value = statusOf({ clock: "suspect" });
    },
  ],
])("says %s", (state, change) => {
  change();
  expect(readiness.value.state).toBe(state);
});

test("what is the same is not said again, for hundreds of cards look at it", () => {
  const before = readiness.value;
  status.value = statusOf();
  devices.value = devices.value.slice();
  expect(readiness.value).toBe(before);
  lostSince.value = 1;
  expect(readiness.value).not.toBe(before);
});

test("the lost line comes before everything that was known before", () => {
  status.value = statusOf({ granting: false, why_not: ["the disk is full"] });
  lostSince.value = 1;
  expect(readiness.value.state).toBe("lost");
});
