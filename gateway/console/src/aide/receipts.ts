// SPDX-License-Identifier: Apache-2.0
// Delivered and seen go back to the post by themselves, once for each question.
import { api, type Visit } from "../api";
import { learned } from "../live";

const reported = new Set<string>();

async function say(visit: Visit, seen: boolean) {
  const once = `${visit.id} ${visit.approval_version} ${seen}`;
  if (reported.has(once)) return;
  reported.add(once);
  try {
    learned(await api.receipt(visit.id, seen));
  } catch {
    reported.delete(once); // the next reading of the queue tries again
  }
}
export async function sayReceived(visit: Visit) {
  if (visit.approval === "sent") await say(visit, false);
}
export async function saySeen(visit: Visit) {
  if (visit.approval !== "seen") await say(visit, true);
}
