// SPDX-License-Identifier: Apache-2.0
// A visit, a badge and an entry as the daemon sends them, with what a test cares about.
import type { Alarm, Badge, Device, Entry, Portal, Status, Visit } from "../src/api";

export const visitOf = (more: Partial<Visit> = {}): Visit =>
  ({
    id: "v1",
    name: "Tamu Contoh",
    institution: "",
    whom: "Sekretaris",
    purpose: "rapat",
    phone: "",
    category: "general",
    party: 1,
    state: "registered",
    approval: "none",
    screening: "pending",
    presence: "at_post",
    attention: "none",
    verbal: null,
    escalation: 0,
    asked: null,
    hold_until: null,
    metal_found: null,
    badge: null,
    badges: [],
    deposits: [],
    where: {},
    closed: false,
    next: null,
    sop: null,
    ...more,
  }) as unknown as Visit;
export const badgeOf = (more: Partial<Badge> = {}): Badge =>
  ({ id: "b1", state: "active", reason: "", print: "printed", kind: "paper", ...more }) as unknown as Badge;
export const entryOf = (type: string, more: Partial<Entry> = {}): Entry =>
  ({
    number: 1,
    type,
    time: "2026-11-30T06:07:31Z",
    actor: "Budi",
    visit: null,
    badge: null,
    point: null,
    ref: null,
    pictures: [],
    data: {},
    ...more,
  }) as unknown as Entry;
export const statusOf = (more: Partial<Status> = {}): Status =>
  ({ granting: true, why_not: [], clock: "trusted", lockdowns: [], devices: [], portals: [], ...more }) as unknown as Status;
export const portalOf = (more: Partial<Portal> = {}): Portal =>
  ({
    id: "gate",
    name: "Gerbang",
    mode: "controlled",
    online: true,
    points: [{ id: "gate_in", reader: true, device: "camera1", from: "outside", to: "lobby" }],
    ...more,
  }) as unknown as Portal;
export const deviceOf = (more: Partial<Device> = {}): Device =>
  ({ id: "camera1", kind: "camera", online: true, outages: 0, fault: "", detail: "", ...more }) as unknown as Device;
export const alarmOf = (more: Partial<Alarm> = {}): Alarm =>
  ({ number: 5, kind: "screening_undisposed", subject: "v1", active: true, acknowledged_by: null, ...more }) as unknown as Alarm;
