// SPDX-License-Identifier: Apache-2.0
// Metal at the detector without a disposition: who it is, and whether a guard at this screen has seen it. Until then
// it sounds.
import type { Visit } from "./api";
import { alarms, feed, visits } from "./live";
import { makeStore } from "./store";
import { serverNow } from "./time";
import { soundUntil } from "./tones";

export interface Metal {
  keys: string[]; // what has to be seen: the alarm itself, and the reminder that nothing was done about it
  visit: Visit | null; // null: several guests wait, and the detector knows none of them
  at: string;
  reminded: boolean;
  seen: boolean;
}

const nameless_ms = 10 * 60_000; // after that an alarm of an unknown guest is over
const storage = "gapura.metal_seen";

function recalled(): string[] {
  try {
    return JSON.parse(sessionStorage.getItem(storage) ?? "[]") as string[];
  } catch {
    return [];
  }
}
const seen = makeStore(new Set(recalled()));

export const isMetal = (visit: Visit) => visit.screening === "alarm" && !!visit.metal_found;

function ofVisit(visit: Visit): Metal {
  const reminder = alarms.get().find((one) => one.kind === "screening_undisposed" && one.subject === visit.id && one.active);
  const keys = [`${visit.id} ${visit.metal_found}`, ...(reminder && !reminder.acknowledged_by ? [`alarm ${reminder.number}`] : [])];
  return { keys, visit, at: visit.metal_found!, reminded: reminder !== undefined, seen: keys.every((key) => seen.get().has(key)) };
}

// Sounded for a guest whom the detector cannot name, until a result is recorded or a guard has seen it.
function nameless(): Metal[] {
  const all: Metal[] = [];
  for (const entry of feed.get()) {
    if (entry.type === "screening_recorded") break; // newest first: what is older has been dealt with
    const fresh = serverNow() - Date.parse(entry.time) < nameless_ms;
    const key = `entry ${entry.number}`;
    if (entry.type === "screening_alarm" && !entry.visit && fresh && !seen.get().has(key)) {
      all.push({ keys: [key], visit: null, at: entry.time, reminded: false, seen: false });
    }
  }
  return all;
}

// Unseen before seen, then the newest.
function look(): Metal[] {
  return [...visits.get().filter(isMetal).map(ofVisit), ...nameless()]
    .sort((a, b) => Number(a.seen) - Number(b.seen) || b.at.localeCompare(a.at));
}
export const metal = makeStore<Metal[]>([]);

// A guard has seen these: by saying so, or by opening the detector's sheet.
export function sawMetal(those: Metal[]) {
  const now = new Set([...seen.get(), ...those.flatMap((one) => one.keys)]);
  seen.set(now);
  try {
    sessionStorage.setItem(storage, JSON.stringify([...now].slice(-100)));
  } catch {
    // It sounds once more after a reload.
  }
}
export const sawAt = (visit: string) => sawMetal(metal.get().filter((one) => !one.visit || one.visit.id === visit));

// Watches for as long as a guard's screen is open.
export function followMetal(): () => void {
  let stop: (() => void) | null = null;
  const update = () => {
    const now = look();
    if (JSON.stringify(now) !== JSON.stringify(metal.get())) metal.set(now);
    const sounds = now.some((one) => !one.seen);
    if (sounds && !stop) stop = soundUntil("metal");
    if (!sounds && stop) {
      stop();
      stop = null;
    }
  };
  const ends = [visits, alarms, feed, seen].map((store) => store.watch(update));
  const timer = setInterval(update, 5000); // what ends with time
  update();
  return () => {
    for (const end of ends) end();
    clearInterval(timer);
    stop?.();
    metal.set([]);
  };
}
