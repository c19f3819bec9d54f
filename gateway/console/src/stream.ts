// SPDX-License-Identifier: Apache-2.0
// The daemon's event stream. It resumes by the number of the last entry; one that is dead is noticed and connected again,
// also where its line stays open.

import { ApiError, addressOf, api, type Entry } from "./api";
import { lostSince } from "./live";
import { serverNow } from "./time";

// A daemon that can't write its journal can't send an entry about it either, so its state is asked for as well.
const status_ms = 4000;
// The stream brings a heartbeat every four seconds. A line can be dead and stay open: without a word for so long, it is.
const silence_ms = 10_000;
// A new connection may have to wait for its turn behind pictures; given up too early, it would wait at the end again.
const connect_ms = 30_000;

interface Follower {
  onEntry: (entry: Entry) => void; // each once, in order
  onUnreadable: () => void; // an entry came that cannot be read
  onBack: () => void; // the stream was lost and runs again
  look: () => Promise<void>; // reads the status
}
let follower: Follower | null = null; // while the stream is wanted
let last = -1; // the last entry seen; the stream resumes after it
let source: EventSource | null = null;
let retry_ms = 500;
let statusTimer = 0;
let streamTimer = 0;
let reconnecting = 0;
// When the stream last brought anything. The steady clock may stop while a phone sleeps, the other may be set.
let heard = { steady: 0, wall: 0 };
// An entry that exists by the status and that the stream still owes, and since when.
let owed = { number: -1, since: 0 };

function hear() {
  heard = { steady: performance.now(), wall: Date.now() };
}
const silence = () => Math.max(performance.now() - heard.steady, Date.now() - heard.wall);

// Everything up to this entry is here, also where the stream leaves one out for this account.
function caughtUp(number: number) {
  last = Math.max(last, number);
  if (last >= owed.number) owed.number = -1;
}

// An entry that exists by the status.
export function expectEntry(number: number) {
  if (source && number > last && owed.number < 0) owed = { number, since: performance.now() };
}

function receive(entry: Entry) {
  if (entry.number <= last) return;
  caughtUp(entry.number);
  follower?.onEntry(entry);
}

function connect() {
  if (!follower || source) return;
  source = new EventSource(addressOf("/events/stream", { query: { after: last >= 0 ? last : "" } }));
  hear(); // from now on it has its time for the first word
  owed.number = -1;
  source.onopen = () => {
    hear();
    retry_ms = 500;
    if (lostSince.value !== null) {
      lostSince.value = null;
      follower?.onBack();
    }
  };
  source.addEventListener("beat", (event) => {
    hear();
    caughtUp(Number((JSON.parse((event as MessageEvent<string>).data) as { last: number }).last));
  });
  source.addEventListener("entry", (event) => {
    hear();
    try {
      receive(JSON.parse((event as MessageEvent<string>).data) as Entry);
    } catch {
      follower?.onUnreadable();
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
  if (!follower || document.visibilityState !== "visible") return;
  watchStream();
  watchLine();
}

// A status reading that cannot reach the gateway says that the whole line is dead.
function watchLine() {
  follower?.look().catch((error) => {
    if (source && error instanceof ApiError && error.kind === "offline") lose();
  });
}

export function openStream(after: number, by: Follower) {
  follower = by;
  last = Math.max(last, after);
  connect();
  statusTimer = window.setInterval(watchLine, status_ms);
  streamTimer = window.setInterval(watchStream, 1000);
  document.addEventListener("visibilitychange", wake);
  addEventListener("online", wake);
}

export function closeStream() {
  follower = null;
  source?.close();
  source = null;
  window.clearInterval(statusTimer);
  window.clearInterval(streamTimer);
  document.removeEventListener("visibilitychange", wake);
  removeEventListener("online", wake);
  window.clearTimeout(reconnecting);
  lostSince.value = null;
  last = -1;
}
