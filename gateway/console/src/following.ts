// SPDX-License-Identifier: Apache-2.0
// Keeps the page's copy of the post (live.ts) true while a person is signed in: read once, then kept by the daemon's event
// stream. An entry only marks what to read again, and many entries in a moment make one read.

import { ApiError, api, type Entry, type User } from "./api";
import {
  badgeTick,
  begin,
  feed,
  feed_length,
  findVisit,
  forget,
  hosts,
  isOffDuty,
  learned,
  loaded,
  lostSince,
  nameOther,
  publish,
  readAll,
  receipts,
  refreshAlarms,
  refreshPost,
  refreshStatus,
  refreshVisits,
  status,
  userTick,
  visits,
} from "./live";
import { readSops } from "./sops";
import { closeStream, expectEntry, openStream } from "./stream";
import { serverNow, setServerTime } from "./time";

let running = false;
let stopExpecting = () => {};

const dirty = new Set<string>();
let dirtyRoster = false;
let dirtyAlarms = false;
let dirtyStatus = false;
let dirtyPost = false;
let flushing = 0;

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
  else for (const id of ids) jobs.push(api.visit(id).then(learned));
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

function take(entry: Entry) {
  publish(entry);
  mark(entry);
}

// The names of guests who have left are read for the sentences of the recent past.
async function nameThePast(entries: Entry[]) {
  if (isOffDuty()) return;
  const unknown = new Set(entries.map((entry) => entry.visit).filter((id): id is string => !!id && !findVisit(id)));
  await Promise.allSettled([...unknown].slice(0, 30).map((id) => api.visit(id).then(nameOther)));
  feed.value = feed.value.slice();
}

export async function startLive(who: User) {
  begin(who);
  if (running) return;
  running = true;
  let newest = -1;
  try {
    const now = await api.status();
    setServerTime(now.time);
    const past = await api.events({ limit: feed_length }); // without `after`: the newest, oldest first
    newest = Math.max(past.last, ...past.events.map((entry) => entry.number));
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
  if (!running) return; // signed out meanwhile
  stopExpecting = status.subscribe((now) => now && expectEntry(now.journal.entries - 1));
  openStream(newest, {
    onEntry: take,
    onUnreadable: scheduleReload, // read the state instead of guessing
    onBack: () => void readAll().catch(scheduleReload),
    look: refreshStatus,
  });
}

export function stopLive() {
  running = false;
  stopExpecting();
  closeStream();
  forget();
}
