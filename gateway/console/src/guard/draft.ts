// SPDX-License-Identifier: Apache-2.0
// The guest's form, kept at every keystroke until it is registered: a reload, a lost session or a crash of the tab's
// page costs nothing. In sessionStorage, so it ends with the tab and never reaches a disk for long.
import { type Category, type FilledVisit, type IdentityType, newKey, type Visit } from "../api";

export interface Draft {
  key: string; // Idempotency-Key of this guest
  name: string;
  purpose: string;
  whom: string;
  category: Category;
  phone: string;
  institution: string;
  portrait: string;
  party: string;
  members: string;
  vehicle: string;
  identity_type: IdentityType | "";
  identity_last4: string;
}
const slot = "gapura.draft";
export const emptyDraft = (): Draft => ({
  key: newKey(),
  name: "",
  purpose: "",
  whom: "",
  category: "general",
  phone: "",
  institution: "",
  portrait: "",
  party: "1",
  members: "",
  vehicle: "",
  identity_type: "",
  identity_last4: "",
});
// What is known of a guest already: a plan, or a visit whose data are still to be completed.
export const draftOf = (visit: Visit): Draft => ({
  key: newKey(),
  name: visit.name,
  purpose: visit.purpose,
  whom: visit.whom,
  category: visit.category,
  phone: visit.phone,
  institution: visit.institution,
  portrait: visit.portrait ?? "",
  party: String(visit.party),
  members: visit.members,
  vehicle: visit.vehicle ?? "",
  identity_type: visit.identity_type ?? "",
  identity_last4: visit.identity_last4 ?? "",
});
// What is sent: nothing that is empty. The form has seen to what must not be.
export function bodyOf(draft: Draft): FilledVisit {
  const { key: _, party, ...fields } = draft;
  const filled = Object.fromEntries(
    Object.entries(fields)
      .map(([name, value]) => [name, value.trim()])
      .filter(([, value]) => value),
  );
  const people = Math.max(1, Math.floor(Number(party)) || 1);
  return { ...(filled as unknown as FilledVisit), ...(people > 1 ? { party: people } : {}) };
}
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
