// SPDX-License-Identifier: Apache-2.0
// The roll call as a phone carries it: the last list that was read, and marks that were taken without a connection. Marks
// keep the time at which a person was seen; the daemon merges them, and one sent twice is one mark.

import { signal } from "@preact/signals";
import { ApiError, api, type Muster, newKey } from "./api";
import { serverNow } from "./time";
import { recall, remember } from "./words";

const list_slot = "gapura.muster";
const marks_slot = "gapura.muster.marks";

export interface Mark {
  visit: string;
  at: string;
  key: string;
  roll: number | null; // of which roll call; a mark never counts for another
}
interface Kept {
  list: Muster;
  read: number;
}
function stored<T>(slot: string, otherwise: T): T {
  try {
    const text = recall(slot);
    return text ? (JSON.parse(text) as T) : otherwise;
  } catch {
    return otherwise;
  }
}

export const muster = signal<Kept | null>(stored<Kept | null>(list_slot, null));
export const marks = signal<Mark[]>(stored<Mark[]>(marks_slot, []));
export const offline = signal(false);

function keepList(list: Muster) {
  const kept = { list, read: serverNow() };
  remember(list_slot, JSON.stringify(kept));
  muster.value = kept;
  offline.value = false;
}
function keepMarks(next: Mark[]) {
  remember(marks_slot, JSON.stringify(next));
  marks.value = next;
}
// Names leave this browser at the sign-out; marks, which hold no name, stay until they are sent.
export function forgetMuster() {
  remember(list_slot, "null");
  muster.value = null;
}

// One at a time and oldest first. What the daemon refuses for good is dropped: the list says what holds.
let sending = false;
async function sendMarks(roll: number | null, by_hand: boolean) {
  if (sending) return;
  sending = true;
  try {
    keepMarks(marks.value.filter((one) => one.roll === roll));
    while (marks.value.length) {
      const [first] = marks.value;
      try {
        keepList(await api.markSafe(first.visit, first.at, first.key, !by_hand));
      } catch (error) {
        if (isLost(error) || needsPin(error)) throw error;
      }
      keepMarks(marks.value.filter((one) => one !== first));
    }
  } finally {
    sending = false;
  }
}
const isLost = (error: unknown) => !(error instanceof ApiError) || error.status === 0 || error.status >= 500 || error.status === 401;

const needsPin = (error: unknown) => error instanceof ApiError && error.kind === "proof_required"; // the mark is kept until then

export async function readMuster(by_hand = false) {
  try {
    const list = await api.muster();
    keepList(list);
    await sendMarks(list.entry, by_hand);
  } catch (error) {
    if (isLost(error)) offline.value = true;
  }
}
export function markSafe(visit: string) {
  if (marks.value.some((one) => one.visit === visit)) return;
  keepMarks([...marks.value, { visit, at: new Date(serverNow()).toISOString(), key: newKey(), roll: muster.value?.list.entry ?? null }]);
  void readMuster(true);
}
