// SPDX-License-Identifier: Apache-2.0
// Language, and the one function that turns a key into words.
import { makeStore, useStore } from "./store";
import { en } from "./words/en";
import { id, type WordKey } from "./words/id";

export type Language = "id" | "en";
export type { WordKey };
export type Fill = Record<string, string | number>;

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

export const language = makeStore<Language>(recall("gapura.language") === "en" ? "en" : "id");

export function setLanguage(next: Language) {
  remember("gapura.language", next);
  language.set(next);
  document.documentElement.lang = next;
}

export function t(key: WordKey, fill?: Fill): string {
  const text = (language.get() === "en" ? en : id)[key];
  return fill ? text.replace(/\{(\w+)\}/g, (whole, name: string) => String(fill[name] ?? whole)) : text;
}

// For codes that come from the daemon: a new code must show as itself, never as nothing.
export function has(key: string): key is WordKey {
  return key in id;
}
export function coded(prefix: string, code: string): string {
  const key = `${prefix}.${code}`;
  return has(key) ? t(key) : code;
}

// Screens that call t() must be drawn again when the language changes.
export function useLanguage(): Language {
  return useStore(language);
}
