// SPDX-License-Identifier: Apache-2.0
// The SOPs in force: a visit names its next step, the SOP names the fact that proves the step.

import { signal } from "@preact/signals";
import { api, type Sop, type Visit } from "./api";
import { coded, t } from "./words";

export const sops = signal<Sop[]>([]);
const asked = new Set<string>();

export async function readSops() {
  sops.value = await api.sops();
}

// Undefined when the SOP is not known here: the visit began under an older version, or the page has not read it yet.
export function eventOfNext(visit: Visit): string | null | undefined {
  const sop = sops.value.find((one) => one.id === visit.sop);
  if (sop) return sop.steps.find((step) => step.id === visit.next?.step)?.event;
  if (visit.sop && !asked.has(visit.sop)) {
    asked.add(visit.sop); // asked once, or every drawing would ask again
    void readSops().catch(() => asked.delete(visit.sop!));
  }
  return undefined;
}

// Who does the next step, and what it is. The SOP may name them itself: "Tamu memasuki …".
export function nextLine({ executor, activity }: NonNullable<Visit["next"]>): string {
  const who = coded("executor", executor);
  return activity.toLowerCase().startsWith(`${who.toLowerCase()} `) ? activity : t("step.by", { who, what: activity });
}

// A step ("letter") or a decision with its answer ("letter:yes") in the words of the visit's SOP. Of a version that is not
// known here: of any other that has the step, else its id.
export function activityOf(attested: string, visit: Visit | undefined): string {
  const [step, answer] = attested.split(":");
  const all = sops.value.slice().sort((a, b) => Number(b.id === visit?.sop) - Number(a.id === visit?.sop));
  const next = visit?.next?.step === step ? visit.next : undefined;
  const found = next ?? all.flatMap((sop) => sop.steps).find((one) => one.id === step);
  const activity = found?.activity ?? step.replace(/_/g, " ");
  if (!answer) return activity;
  return `${activity}: ${found?.answers?.find((one) => one.answer === answer)?.text ?? answer}`;
}
