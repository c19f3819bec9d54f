// SPDX-License-Identifier: Apache-2.0
// The page's copy of the post: read once, then kept by the daemon's event stream. Nothing is changed here before the
// daemon said so; an event only marks what to read again, and many events in a moment make one read.

import { signal } from "@preact/signals";
import {
  type Alarm,
  ApiError,
  type Area,
  addressOf,
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
import { readSops } from "./sops";
import { serverNow, setServerTime } from "./time";

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

const feed_length = 80;

// A reader that is flooded with useless codes: they stand in the journal one by one, and take one line of the screen.
export const isFlood = (entry: Entry) => entry.type === "access_denied" && Array.isArray(entry.data.reasons) && entry.data.reasons.includes("rate_limited");
function withEntry(all: Entry[], entry: Entry): Entry[] {
  const before = isFlood(entry) ? all.find((one) => isFlood(one) && one.point === entry.point) : undefined;
  if (!before) return [entry, ...all];
  return [{ ...entry, times: (before.times ?? 1) + 1 }, ...all.filter((one) => one !== before)];
}
// A daemon that can't write its journal can't send an entry about it either, so its state is asked for as well.
const status_ms = 4000;
// The stream brings a heartbeat every four seconds. A line can be dead and stay open: without a word for so long, it is.
const silence_ms = 10_000;
// A new connection may have to wait for its turn behind pictures; given up too early, it would wait at the end again.
const connect_ms = 30_000;
type Listener = (entry: Entry) => void;
const listeners = new Set<Listener>();
export function onEntry(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

// Visits that are closed or unseen, so that a sentence in the feed can name them.
const others = new Map<string, Visit>();
export function findVisit(id: string | null): Visit | undefined {
  if (!id) return undefined;
  return visits.value.find((visit) => visit.id === id) ?? others.get(id);
}

let last = -1; // the last entry seen; the stream resumes after it
let source: EventSource | null = null;
let retry_ms = 500;
let running = false;
let statusTimer = 0;
let streamTimer = 0;
let reconnecting = 0;
// When the stream last brought anything. The steady clock may stop while a phone sleeps, the other may be set.
let heard = { steady: 0, wall: 0 };
// An entry that exists by the status and that the stream still owes, and since when.
let owed = { number: -1, since: 0 };

// An aide who is off duty is shown the guests that are theirs alone: lists hold them, one by one the others are refused.
let me: User | null = null;
const isOffDuty = () => {
  const roster = duty.value;
  return me?.role === "aide" && !!roster?.first && roster.first.id !== me.id && roster.second?.id !== me.id;
};

const dirty = new Set<string>();
let dirtyRoster = false;
let dirtyAlarms = false;
let dirtyStatus = false;
let dirtyPost = false;
let flushing = 0;

// What was learned of single visits while the list is read page by page: newer than the page that holds them.
let meanwhile: Map<string, Visit> | null = null;

function putVisit(visit: Visit) {
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
// After an act, the answer is the newest truth; the event that follows reads it once more.
export const learned = putVisit;

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
    if (!running) return; // signed out meanwhile
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
  const newest = now.journal.entries - 1;
  if (source && newest > last && owed.number < 0) owed = { number: newest, since: performance.now() };
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

async function flush() {
  flushing = 0;
  const ids = [...dirty];
  dirty.clear();
  // A page of the list costs about as much as a dozen single visits.
  const wantList = ids.length > Math.max(8, visits.value.length / 40) || dirtyRoster || (ids.length > 0 && isOffDuty());
  dirtyRoster = false;
  const wantAlarms = dirtyAlarms;
  const wantStatus = dirtyStatus;
  const wantPost = dirtyPost;
  dirtyAlarms = dirtyStatus = dirtyPost = false;
  const jobs: Promise<unknown>[] = [];
  if (wantList) jobs.push(refreshVisits());
  else for (const id of ids) jobs.push(api.visit(id).then(putVisit));
  if (wantAlarms) jobs.push(refreshAlarms());
  if (wantStatus) jobs.push(refreshStatus());
  if (wantPost) jobs.push(refreshPost());
  const results = await Promise.allSettled(jobs);
  if (results.some((one) => one.status === "rejected")) scheduleReload();
  feed.value = feed.value.slice(); // names may have become known
}
function soon() {
  if (!flushing) flushing = window.setTimeout(flush, 40);
}
let reloading = 0;
function scheduleReload() {
  if (!reloading && running) {
    reloading = window.setTimeout(() => {
      reloading = 0;
      if (running) void readAll().catch(scheduleReload);
    }, 3000);
  }
}

function mark(entry: Entry) {
  if (entry.visit) dirty.add(entry.visit);
  if (entry.type.startsWith("alarm_")) dirtyAlarms = dirtyStatus = true;
  if (/^(device_|clock_|access_|exit_|site_|mode_|lockdown_|muster_|leader_|post_)/.test(entry.type)) dirtyStatus = true;
  if (/^(access_taken|access_unknown|visit_closed|undone|lockdown_|shift_|post_|duty_|muster_)/.test(entry.type)) dirtyPost = true;
  if (entry.type === "duty_changed") dirtyRoster = true;
  if (entry.type === "approval_received" && entry.visit) {
    const { visit, time } = entry;
    receipts.value = { ...receipts.value, [visit]: time };
  }
  if (entry.type.startsWith("badge_") || entry.badge) badgeTick.value = badgeTick.value + 1;
  if (entry.type.startsWith("user_")) userTick.value = userTick.value + 1;
  soon();
}

function hear() {
  heard = { steady: performance.now(), wall: Date.now() };
}
const silence = () => Math.max(performance.now() - heard.steady, Date.now() - heard.wall);

// Everything up to this entry is here, also where the stream leaves one out for this account.
function caughtUp(number: number) {
  last = Math.max(last, number);
  if (last >= owed.number) owed.number = -1;
}

function take(entry: Entry) {
  if (entry.number <= last) return;
  caughtUp(entry.number);
  feed.value = withEntry(feed.value, entry).slice(0, feed_length);
  for (const tell of listeners) tell(entry);
  mark(entry);
}

async function readAll() {
  await Promise.all([refreshVisits(), refreshAlarms(), refreshStatus()]);
  await refreshPost();
}

// The names of guests who have left are read for the sentences of the recent past.
async function nameThePast(entries: Entry[]) {
  if (isOffDuty()) return;
  const unknown = new Set(entries.map((entry) => entry.visit).filter((id): id is string => !!id && !findVisit(id)));
  await Promise.allSettled([...unknown].slice(0, 30).map((id) => api.visit(id).then((visit) => others.set(id, visit))));
  feed.value = feed.value.slice();
}

function connect() {
  if (!running || source) return;
  source = new EventSource(addressOf("/events/stream", { query: { after: last >= 0 ? last : "" } }));
  hear(); // from now on it has its time for the first word
  owed.number = -1;
  source.onopen = () => {
    hear();
    retry_ms = 500;
    if (lostSince.value !== null) {
      lostSince.value = null;
      void readAll().catch(scheduleReload);
    }
  };
  source.addEventListener("beat", (event) => {
    hear();
    caughtUp(Number((JSON.parse((event as MessageEvent<string>).data) as { last: number }).last));
  });
  source.addEventListener("entry", (event) => {
    hear();
    try {
      take(JSON.parse((event as MessageEvent<string>).data) as Entry);
    } catch {
      scheduleReload(); // an entry we cannot read: read the state instead of guessing
    }
  });
  source.onerror = () => {
    lose();
    // The browser hides a 401 of the stream; this call tells it apart from a lost line.
    void api.alarms().catch(() => {});
  };
}

function lose() {
  source?.close();
  source = null;
  if (lostSince.value === null) lostSince.value = serverNow() - silence();
  window.clearTimeout(reconnecting);
  reconnecting = window.setTimeout(connect, retry_ms);
  retry_ms = Math.min(retry_ms * 2, 5000);
}

// A stream can stay open on a line that is dead, while other requests find their way: it brings nothing, or not what the
// status says there is.
function watchStream() {
  if (!source) return;
  const quiet = silence();
  if (source.readyState === EventSource.CONNECTING) {
    if (quiet > silence_ms && lostSince.value === null) lostSince.value = serverNow() - quiet;
    if (quiet > connect_ms) lose();
    return;
  }
  const owes = owed.number >= 0 && performance.now() - owed.since > silence_ms;
  if (owes || quiet > silence_ms) lose();
}
// A device that wakes up, or whose network changed, does not wait for the next second.
function wake() {
  if (!running || document.visibilityState !== "visible") return;
  watchStream();
  watchLine();
}

// A status reading that cannot reach the gateway says that the whole line is dead.
function watchLine() {
  refreshStatus().catch((error) => {
    if (source && error instanceof ApiError && error.kind === "offline") lose();
  });
}

export async function startLive(who: User) {
  me = who;
  if (running) return;
  running = true;
  try {
    const now = await api.status();
    setServerTime(now.time);
    const past = await api.events({ limit: feed_length }); // without `after`: the newest, oldest first
    last = Math.max(last, past.last, ...past.events.map((entry) => entry.number));
    feed.value = past.events.slice().reverse().slice(0, feed_length);
    receipts.value = Object.fromEntries(past.events.filter((one) => one.type === "approval_received" && one.visit).map((one) => [one.visit, one.time]));
    await Promise.all([
      readAll(),
      readSops(),
      api.hosts().then((all) => {
        hosts.value = all;
      }),
    ]);
    loaded.value = true;
    void nameThePast(past.events);
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) {
      running = false;
      return;
    }
    running = false;
    lostSince.value = lostSince.value ?? serverNow();
    window.setTimeout(() => void startLive(who), 2000);
    return;
  }
  connect();
  statusTimer = window.setInterval(watchLine, status_ms);
  streamTimer = window.setInterval(watchStream, 1000);
  document.addEventListener("visibilitychange", wake);
  addEventListener("online", wake);
}

export function stopLive() {
  running = false;
  source?.close();
  source = null;
  window.clearInterval(statusTimer);
  window.clearInterval(streamTimer);
  document.removeEventListener("visibilitychange", wake);
  removeEventListener("online", wake);
  window.clearTimeout(reconnecting);
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
  lostSince.value = null;
  others.clear();
  last = -1;
}

// What a sentence of `why_not` is about. The daemon's is English and for a technician; a person's comes before it.
export type StopKind = "starting" | "fault" | "storage";
export const stopKind = (why: string): StopKind => (/fault in itself/.test(why) ? "fault" : /starting/.test(why) ? "starting" : "storage");
