// SPDX-License-Identifier: Apache-2.0
// A decision waits five seconds before it is sent, so that a wrong tap costs nothing and is seen by no one.

import { signal } from "@preact/signals";
import { ApiError, api, type DecisionBody } from "../api";
import { learned, refreshVisits } from "../live";
import { attempt, tell } from "../notes";
import { askProof, viewOnly } from "../session";
import { t } from "../words";

export const hold_ms = 5000;
export interface Pending {
  visit: string;
  body: DecisionBody;
  text: string;
  due: number;
}
export const pending = signal<Pending | null>(null);
export const sentCount = signal(0);
let timer = 0;

export function decideSoon(visit: string, body: Pending["body"], text: string) {
  // The PIN is asked for first: five seconds later the phone may be out of the hand.
  if (viewOnly.value) return void askProof().then((given) => given && decideSoon(visit, body, text));
  sendNow(); // one at a time: starting a second decision confirms the first
  pending.value = { visit, body, text, due: Date.now() + hold_ms };
  timer = window.setTimeout(() => sendNow(), hold_ms);
}
export function undo() {
  window.clearTimeout(timer);
  pending.value = null;
}
export function sendNow(leaving = false) {
  window.clearTimeout(timer);
  const one = pending.value;
  if (!one) return;
  pending.value = null;
  sentCount.value = sentCount.value + 1;
  void attempt(async () => {
    try {
      learned(await api.decide(one.visit, one.body, leaving));
      tell(t("aide.sent", { what: one.text }));
    } catch (error) {
      await refreshVisits().catch(() => {});
      if (error instanceof ApiError && error.kind === "conflict") throw new ApiError("conflict", 409, t("aide.too_late"));
      throw error;
    }
  });
}
// The decision was made: leaving the page must not lose it.
addEventListener("pagehide", () => sendNow(true));
