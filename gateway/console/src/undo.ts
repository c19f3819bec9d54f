// SPDX-License-Identifier: Apache-2.0
// Taking back what one did oneself: offered for five seconds, by Ctrl+Z and in the visit's sheet for five minutes. The daemon
// appends a new entry; nothing is deleted.
import { api, type Entry } from "./api";
import { feed, onEntry } from "./live";
import { attempt, dismiss, offer } from "./notes";
import { sentenceOf } from "./sentences";
import { session } from "./session";
import { serverNow } from "./time";
import { t } from "./words";

const undo_ms = 5 * 60_000;
const kinds = new Set(["visit_moved", "visit_closed", "screening_recorded", "step_attested"]);

function isMine(entry: Entry): boolean {
  const me = session.value?.user;
  return me !== undefined && (entry.actor_id ? entry.actor_id === me.id : entry.actor === me.name);
}
export function canUndo(entry: Entry, all: Entry[]): boolean {
  return (
    (kinds.has(entry.type) || (entry.type === "approval_decided" && entry.data.verbal === true)) &&
    isMine(entry) &&
    serverNow() - Date.parse(entry.time) < undo_ms &&
    !all.some((later) => later.type === "undone" && later.ref === entry.number)
  );
}
export async function undoEntry(entry: Entry) {
  await attempt(() => api.undo(entry.number), t("undo.done", { what: sentenceOf(entry) }));
}
export function undoNewest() {
  const all = feed.value; // newest first
  const entry = all.find((one) => canUndo(one, all));
  if (entry) void undoEntry(entry);
}
export function offerUndo(): () => void {
  const offers = new Map<string, number>(); // a visit's newest act is the one to take back
  return onEntry((entry) => {
    if (!entry.visit) return;
    const may = canUndo(entry, []);
    if (may || entry.type === "undone") dismiss(offers.get(entry.visit) ?? 0);
    if (may)
      offers.set(
        entry.visit,
        offer(sentenceOf(entry), t("undo.act"), () => void undoEntry(entry)),
      );
  });
}
