// SPDX-License-Identifier: Apache-2.0
// The aide has decided: heard once, by what it was, and said in a note that leads to the guest.
import { api, type Entry, type Visit } from "../api";
import { findVisit, onEntry } from "../live";
import { announce } from "../notes";
import { sentenceOf } from "../sentences";
import { playTone, type Tone } from "../tones";
import { t } from "../words";

function toneOfDecision(decision: string): Tone {
  if (decision.startsWith("accept")) return "accepted";
  return decision === "decline" ? "declined" : "decided";
}

export function followDecisions(open: (visit: string) => void): () => void {
  return onEntry((entry: Entry) => {
    const { visit, data } = entry;
    if (entry.type !== "approval_decided" || !visit || data.verbal === true) return; // a spoken one is the guard's own entry
    playTone(toneOfDecision(String(data.decision ?? "")));
    const say = (of?: Visit) => announce(sentenceOf(entry, of), t("news.open"), () => open(visit));
    const known = findVisit(visit);
    if (known) say(known);
    else api.visit(visit).then(say, () => say()); // registered a moment ago: its name is still being read
  });
}
