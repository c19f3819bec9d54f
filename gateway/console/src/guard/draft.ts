// SPDX-License-Identifier: Apache-2.0
// The new guest's form, kept at every keystroke until it is registered: a reload, a lost session or a crash of the tab's
// page costs nothing. In sessionStorage, so it ends with the tab and never reaches a disk for long.
import { newKey, type Category } from "../api";

export interface Draft {
  key: string; // Idempotency-Key of this guest
  name: string;
  purpose: string;
  whom: string;
  category: Category;
  phone: string;
  institution: string;
  portrait: string;
}
const slot = "gapura.draft";
export const emptyDraft = (): Draft => ({
  key: newKey(), name: "", purpose: "", whom: "", category: "general", phone: "", institution: "", portrait: "",
});
export function readDraft(): Draft {
  try {
    const text = sessionStorage.getItem(slot);
    if (text) return { ...emptyDraft(), ...(JSON.parse(text) as Partial<Draft>) };
  } catch {
    // Unreadable or forbidden: start with an empty form.
  }
  return emptyDraft();
}
export function keepDraft(draft: Draft) {
  try {
    sessionStorage.setItem(slot, JSON.stringify(draft));
  } catch {
    // The form still works, it only isn't kept.
  }
}
export function dropDraft() {
  try {
    sessionStorage.removeItem(slot);
  } catch {
    // See keepDraft.
  }
}
