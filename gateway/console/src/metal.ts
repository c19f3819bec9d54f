// SPDX-License-Identifier: Apache-2.0
// Metal at the detector without a disposition: who it is, and whether a guard at this screen has seen it. Until then
// it sounds; seen, it is shown without a sound until a result is recorded.

import { signal } from "@preact/signals";
import type { Visit } from "./api";
import { alarms, feed, visits } from "./live";
import { serverNow } from "./time";
import { soundUntil } from "./tones";

export interface Metal {
  keys: string[]; // what has to be seen: the alarm itself, and the reminder that nothing was done about it
  visit: Visit | null; // null: several guests wait, and the detector knows none of them
  entry?: number; // of the journal, where there is no guest
  at: string;
  reminded: boolean;
  seen: boolean;
}

const nameless_ms = 8 * 3600_000; // after a shift it is dropped
const storage = "gapura.metal_seen";

function recalled(): string[] {
  try {
    return JSON.parse(sessionStorage.getItem(storage) ?? "[]") as string[];
  } catch {
    return [];
  }
}
const seen = signal(new Set(recalled()));

const dropped = (entry: number) => `dropped ${entry}`;

export const isMetal = (visit: Visit) => visit.screening === "alarm" && !!visit.metal_found;

function ofVisit(visit: Visit): Metal {
  const reminder = alarms.value.find((one) => one.kind === "screening_undisposed" && one.subject === visit.id && one.active);
  const keys = [`${visit.id} ${visit.metal_found}`, ...(reminder && !reminder.acknowledged_by ? [`alarm ${reminder.number}`] : [])];
  return { keys, visit, at: visit.metal_found!, reminded: reminder !== undefined, seen: keys.every((key) => seen.value.has(key)) };
}

// Sounded for a guest whom the detector cannot name, until a result is recorded or a guard drops it. Kept
// here as well: the feed holds only the newest entries.
let standing = new Map<number, string>(); // when, by the entry
function nameless(): Metal[] {
  const recorded = feed.value.find((entry) => entry.type === "screening_recorded")?.number ?? -1;
  for (const entry of feed.value) {
    if (entry.type === "screening_alarm" && !entry.visit) standing.set(entry.number, entry.time);
  }
  standing = new Map(
    [...standing].filter(([number, time]) => number > recorded && serverNow() - Date.parse(time) < nameless_ms && !seen.value.has(dropped(number))),
  );
  return [...standing].map(([number, at]) => {
    const key = `entry ${number}`;
    return { keys: [key], entry: number, visit: null, at, reminded: false, seen: seen.value.has(key) };
  });
}

// Unseen before seen, then the newest.
function look(): Metal[] {
  return [...visits.value.filter(isMetal).map(ofVisit), ...nameless()].sort((a, b) => Number(a.seen) - Number(b.seen) || b.at.localeCompare(a.at));
}
export const metal = signal<Metal[]>([]);

function keep(keys: string[]) {
  const now = new Set([...seen.value, ...keys]);
  seen.value = now;
  try {
    sessionStorage.setItem(storage, JSON.stringify([...now].slice(-100)));
  } catch {
    // It sounds once more after a reload.
  }
}
// A guard has seen these: by saying so, or by opening the detector's sheet.
export const sawMetal = (those: Metal[]) => keep(those.flatMap((one) => one.keys));
export const sawAt = (visit: string) => sawMetal(metal.value.filter((one) => !one.visit || one.visit.id === visit));
// A guard looked and did not find out at whom it sounded: it is over on this screen. The journal keeps the alarm itself.
export const dropMetal = (one: Metal) => one.entry !== undefined && keep([dropped(one.entry)]);

// Watches for as long as a guard's screen is open.
export function followMetal(): () => void {
  let stop: (() => void) | null = null;
  const update = () => {
    const now = look();
    if (JSON.stringify(now) !== JSON.stringify(metal.value)) metal.value = now;
    const sounds = now.some((one) => !one.seen);
    if (sounds && !stop) stop = soundUntil("metal");
    if (!sounds && stop) {
      stop();
      stop = null;
    }
  };
  const ends = [visits, alarms, feed, seen].map((store) => store.subscribe(update));
  const timer = setInterval(update, 5000); // what ends with time
  return () => {
    for (const end of ends) end();
    clearInterval(timer);
    stop?.();
    standing.clear();
    metal.value = [];
  };
}
