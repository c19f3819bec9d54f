// SPDX-License-Identifier: Apache-2.0
// Language, and the one function that turns a key into words. The sentences are those of config/locale (../locale.mjs), loaded a
// language at a time.
import { languages } from "virtual:languages";
import { batch, signal } from "@preact/signals";
import type { Sentences } from "./generated/sentences";

export type WordKey = keyof Sentences;
// Those that take nothing.
export type PlainKey = { [K in WordKey]: Sentences[K] extends null ? K : never }[WordKey];
export type Language = string; // the tag of one of `languages`
type Fill = Record<string, string | number>;
type Taken<K extends WordKey> = Sentences[K] extends null ? [] : [fill: Sentences[K]];

// Storage can be forbidden by the browser's policy; the switch then lasts as long as the page.
export function recall(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
export function remember(key: string, value: string) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Nothing to do: see recall.
  }
}

const first = "id";
const sentences = signal<Record<string, string | ((fill: Fill) => string)>>({});
export const language = signal<Language>(first);

const isKnown = (tag: string | null): tag is Language => tag !== null && Object.hasOwn(languages, tag);
// The language that was chosen here, else Bahasa Indonesia until the site is known.
export const chosenLanguage = () => {
  const kept = recall("gapura.language");
  return isKnown(kept) ? kept : null;
};

// Its sentences are there when this resolves; fails where they cannot be loaded, and the page says on what it said before.
export async function loadLanguage(tag: string) {
  const next = isKnown(tag) ? tag : first;
  const loaded = (await languages[next].load()).default;
  document.documentElement.lang = next;
  batch(() => {
    sentences.value = loaded;
    language.value = next;
  });
}
export async function setLanguage(tag: Language) {
  await loadLanguage(tag);
  remember("gapura.language", tag);
}
// The one that the switch goes to: after the last comes the first.
export function nextLanguage(): { tag: Language; name: string } {
  const tags = Object.keys(languages);
  const tag = tags[(tags.indexOf(language.value) + 1) % tags.length];
  return { tag, name: languages[tag].name };
}

function say(key: WordKey, fill: Fill = {}): string {
  const sentence = sentences.value[key];
  return typeof sentence === "function" ? sentence(fill) : (sentence ?? key);
}
// A sentence with its places filled. One that takes nothing is given nothing.
export const t = <K extends WordKey>(key: K, ...[fill]: Taken<K>): string => say(key, fill as Fill | undefined);

// How numbers and times are written in this language, for Intl.
export const formatTag = () => (has("language.format") ? t("language.format") : "id-ID");
// 1.234,5 in Bahasa Indonesia, 1,234.5 in English.
export const numberText = (value: number, most_decimals = 0): string =>
  new Intl.NumberFormat(formatTag(), { maximumFractionDigits: most_decimals }).format(value);

// For codes that come from the daemon: a new code must show as itself, never as nothing.
export function has(key: string): key is PlainKey {
  return typeof sentences.value[key] === "string";
}
export function coded(prefix: string, code: string): string {
  const key = `${prefix}.${code}`;
  return has(key) ? t(key) : code;
}
// One of several sentences that do not all take the same; undefined where no catalogue has it.
export const tMaybe = (key: string, fill: Fill): string | undefined => (Object.hasOwn(sentences.value, key) ? say(key as WordKey, fill) : undefined);
