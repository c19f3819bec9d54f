// SPDX-License-Identifier: Apache-2.0
// Short sentences after an act, and errors as sentences with what to do.

import { signal } from "@preact/signals";
import { ApiError } from "./api";
import { momentText } from "./time";
import { has, language, type PlainKey, t } from "./words";

export interface Note {
  id: number;
  kind: "done" | "failed" | "news"; // news: said inside an open sheet as well
  text: string;
  act?: { label: string; run: () => void };
  urgent?: boolean; // said inside an open sheet as well, whatever its kind
}
export const notes = signal<Note[]>([]);
// What is said over everything as long as it lasts, an open sheet included.
export const loud = signal("");
let next = 1;

export function dismiss(id: number) {
  notes.value = notes.value.filter((note) => note.id !== id);
}
function add(kind: Note["kind"], text: string, act?: Note["act"], shown_ms = act ? 5000 : kind === "done" ? 3500 : 12_000, urgent = false) {
  const id = next++;
  notes.value = [...notes.value.slice(-2), { id, kind, text, act, urgent }];
  setTimeout(() => dismiss(id), shown_ms);
  return id;
}
export const tell = (text: string) => add("done", text);
// The answer to a call for help: nothing may hide it, and it stays longer than that of an everyday act.
export const tellUrgent = (text: string) => add("done", text, undefined, 12_000, true);
export const complain = (text: string) => add("failed", text);
// A sentence with one thing to do about it, for five seconds.
export const offer = (text: string, label: string, run: () => void) => add("done", text, { label, run });
// What came by itself, with the way to it: longer, for a guard who is busy with something else.
export const announce = (text: string, label: string, run: () => void, shown_ms = 20_000) => add("news", text, { label, run }, shown_ms);

// What the daemon says of one situation, by how it begins, and the sentence for the post: truer than that of the whole kind.
const situations: [string, PlainKey][] = [
  ["its controller does not answer", "error.door_dead"],
  ["a release is under way there", "error.door_busy"],
  ["the other door of its airlock", "error.door_airlock"],
  ["the area is locked down", "error.door_shut"],
  ["the aide has been asked already", "error.asked_already"],
  ["this visit waits for no decision", "error.nothing_to_ask"],
];
// The daemon speaks English: its own words are shown on English screens only.
const withDetail = (words: string, { detail }: ApiError) => (detail && language.value === "en" ? `${words} (${detail})` : words);

export function problemText(error: unknown): string {
  if (!(error instanceof ApiError)) return t("error.bug");
  const key = `error.${error.kind}`;
  if (error.kind === "too_new" && error.from) return t("error.too_new", { from: momentText(error.from) });
  if (error.kind === "same_hand") return t("error.same_hand");
  const situation = situations.find(([begins]) => error.detail.startsWith(begins));
  if (situation) return t(situation[1]);
  return withDetail(has(key) ? t(key) : t("error.bug"), error);
}

// Runs an act that a person asked for. True when it was done; otherwise the reason is on the screen.
export async function attempt(act: () => Promise<unknown>, done?: string): Promise<boolean> {
  try {
    await act();
    if (done) tell(done);
    return true;
  } catch (error) {
    add("failed", problemText(error));
    return false;
  }
}
