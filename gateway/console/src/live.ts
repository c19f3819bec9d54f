// SPDX-License-Identifier: Apache-2.0
// The page's copy of the post, as the daemon last said it. Nothing is changed here before the daemon said so; following.ts says
// when what is read again.

import { signal } from "@preact/signals";
import {
  type Alarm,
  type Area,
  api,
  type Device,
  type Duty,
  type Entry,
  type Host,
  type Lockdown,
  type Portal,
  type Shift,
  type Status,
  type User,
  type Visit,
} from "./api";
import { readMuster } from "./muster";
import { setServerTime } from "./time";

export const visits = signal<Visit[]>([]); // the open ones
export const beyond = signal(0); // open visits that this page does not hold
export const alarms = signal<Alarm[]>([]);
export const alarmsBeyond = signal(0);
export const devices = signal<Device[]>([]);
export const portals = signal<Portal[]>([]);
export const status = signal<Status | null>(null);
export const areas = signal<Area[]>([]);
export const lockdowns = signal<Lockdown[]>([]);
export const shift = signal<Shift | null>(null);
export const duty = signal<Duty | null>(null);
export const hosts = signal<Host[]>([]);
// When the aide's phone had the question, by visit: the age of the receipt on the card.
export const receipts = signal<Record<string, string>>({});
export const feed = signal<Entry[]>([]); // newest first
export const loaded = signal(false);
// Since when the stream is lost; null while it runs.
export const lostSince = signal<number | null>(null);
// Rises whenever a badge or account changed, for lists that are read on demand.
export const badgeTick = signal(0);
export const userTick = signal(0);

export const feed_length = 80;

// A reader that is flooded with useless codes: each is in the journal, and together they take one line of the screen.
export const isFlood = (entry: Entry) => entry.type === "access_denied" && Array.isArray(entry.data.reasons) && entry.data.reasons.includes("rate_limited");
function withEntry(all: Entry[], entry: Entry): Entry[] {
  const before = isFlood(entry) ? all.find((one) => isFlood(one) && one.point === entry.point) : undefined;
  if (!before) return [entry, ...all];
  return [{ ...entry, times: (before.times ?? 1) + 1 }, ...all.filter((one) => one !== before)];
}

type Listener = (entry: Entry) => void;
const listeners = new Set<Listener>();
export function onEntry(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

// Puts a new entry into the feed and gives it to the listeners.
export function publish(entry: Entry) {
  feed.value = withEntry(feed.value, entry).slice(0, feed_length);
  for (const tell of listeners) tell(entry);
}

// Visits that are closed or not held, so that a sentence in the feed can name them.
const others = new Map<string, Visit>();
export function findVisit(id: string | null): Visit | undefined {
  if (!id) return undefined;
  return visits.value.find((visit) => visit.id === id) ?? others.get(id);
}
export const nameOther = (visit: Visit) => others.set(visit.id, visit);

// An aide who is off duty is shown the guests that are theirs alone: lists hold them, one by one the others are refused.
let me: User | null = null; // null: signed out
export const isOffDuty = () => {
  const roster = duty.value;
  return me?.role === "aide" && !!roster?.first && roster.first.id !== me.id && roster.second?.id !== me.id;
};

// What was learned of single visits while the list is read page by page: newer than the page that holds them.
let meanwhile: Map<string, Visit> | null = null;

// After an act, the answer is the newest truth; the event that follows reads it once more.
export function learned(visit: Visit) {
  meanwhile?.set(visit.id, visit);
  if (visit.closed) {
    others.set(visit.id, visit);
    visits.value = visits.value.filter((one) => one.id !== visit.id);
    return;
  }
  const next = visits.value.slice();
  const at = next.findIndex((one) => one.id === visit.id);
  next[at < 0 ? next.length : at] = visit;
  visits.value = next;
}

// One reading at a time; a request during one starts another after it.
let readingVisits: Promise<void> | null = null;
let readVisitsAgain = false;
export function refreshVisits(): Promise<void> {
  readVisitsAgain = readingVisits !== null;
  readingVisits ??= readVisits().finally(() => {
    readingVisits = meanwhile = null;
  });
  return readingVisits;
}
async function readVisits() {
  do {
    readVisitsAgain = false;
    meanwhile = new Map();
    const { rows, total } = await api.openVisits();
    if (!me) return; // signed out meanwhile
    const open = new Map(rows.map((visit) => [visit.id, visit]));
    for (const visit of meanwhile.values()) {
      if (visit.closed) open.delete(visit.id);
      else open.set(visit.id, visit);
    }
    visits.value = [...open.values()];
    beyond.value = Math.max(0, total - rows.length);
  } while (readVisitsAgain);
}
export async function refreshAlarms() {
  const { rows, total } = await api.alarms();
  alarms.value = rows;
  alarmsBeyond.value = Math.max(0, total - rows.length);
}
export async function refreshStatus() {
  const now = await api.status();
  setServerTime(now.time);
  status.value = now;
  devices.value = now.devices;
  portals.value = now.portals;
}

// What changes rarely: who is on duty, who may pass, how many are where.
export async function refreshPost() {
  // The roll call's list is taken along with every change, for a page that is loaded again when the line is gone.
  const [where, plans, guards, aides] = await Promise.all([api.areas(), api.lockdowns(), api.shift(), api.duty(), readMuster()]);
  areas.value = where;
  lockdowns.value = plans;
  shift.value = guards;
  duty.value = aides;
}

export async function readAll() {
  await Promise.all([refreshVisits(), refreshAlarms(), refreshStatus()]);
  await refreshPost();
}

export function begin(who: User) {
  me = who;
}
// After the sign-out: nothing of the post stays on the page.
export function forget() {
  me = null;
  loaded.value = false;
  visits.value = [];
  beyond.value = 0;
  alarms.value = [];
  alarmsBeyond.value = 0;
  feed.value = [];
  areas.value = [];
  lockdowns.value = [];
  shift.value = null;
  duty.value = null;
  receipts.value = {};
  status.value = null;
  others.clear();
}

// What a sentence of `why_not` is about. The daemon's is English and for a technician; a person's comes before it.
export type StopKind = "starting" | "fault" | "storage";
export const stopKind = (why: string): StopKind => (/fault in itself/.test(why) ? "fault" : /starting/.test(why) ? "starting" : "storage");
