// SPDX-License-Identifier: Apache-2.0
// What is done otherwise than usual, each with its reason and under the name of the person who says so: a deviation, a forgiven
// passage, an exemption, the aide's permission for a whole party, a plan called off.

import { useState } from "preact/hooks";
import { api, type NotedDeviation, type Visit } from "../api";
import { Button } from "../components/button";
import { Field } from "../components/field";
import { Sheet } from "../components/sheet";
import { learned } from "../live";
import { attempt } from "../notes";
import { coded, type PlainKey, t, tMaybe, type WordKey } from "../words";
import { ReasonPicker } from "./reason_picker";

export type Exception = "deviate" | "forgive" | "exempt" | "permit" | "cancel";
const deviations: NotedDeviation[] = [
  "step_skipped",
  "wrong_order",
  "late",
  "wrong_executor",
  "input_missing",
  "output_missing",
  "limit_exceeded",
  "out_of_hours",
  "without_approval",
  "alarm_without_action",
  "badge_not_returned",
  "not_screened",
];
type Options = [string, PlainKey][];
const reasons: Record<Exception, Options> = {
  deviate: [
    ["urgent", "deviate.reason.urgent"],
    ["device", "deviate.reason.device"],
    ["order", "deviate.reason.order"],
    ["guest", "deviate.reason.guest"],
  ],
  forgive: [
    ["tailgated", "admin.forgive.tailgated"],
    ["reader", "admin.forgive.reader"],
    ["emergency", "admin.forgive.emergency"],
  ],
  exempt: [
    ["wheelchair", "exempt.reason.wheelchair"],
    ["work", "exempt.reason.work"],
    ["health", "exempt.reason.health"],
  ],
  permit: [
    ["meeting", "permit.reason.meeting"],
    ["order", "permit.reason.order"],
    ["escorted", "permit.reason.escorted"],
  ],
  cancel: [
    ["guest", "plan.reason.guest"],
    ["leader", "plan.reason.leader"],
    ["mistake", "plan.reason.mistake"],
  ],
};
const words: Record<Exception, [act: PlainKey, done: WordKey]> = {
  deviate: ["deviate.act", "deviate.done"],
  forgive: ["forgive.act", "done.forgive"],
  exempt: ["exempt.act", "exempt.done"],
  permit: ["permit.act", "permit.done"],
  cancel: ["plan.cancel", "plan.done_cancel"],
};
export const exceptionText = (kind: Exception) => t(words[kind][0]);

// More of the party than the SOP lets in at once.
export const isOverLimit = (visit: Visit) => visit.members_limit !== null && visit.party > visit.members_limit;

async function send(kind: Exception, visit: Visit, reason: string, deviation: NotedDeviation, verbal: boolean) {
  if (kind === "deviate") return learned(await api.deviation(visit.id, deviation, reason));
  if (kind === "exempt") return learned(await api.exempt(visit.id, reason));
  if (kind === "permit") return learned(await api.permit(visit.id, reason, verbal));
  if (kind === "cancel") return learned(await api.move(visit.id, "cancelled", reason));
  await api.forgive({ visit: visit.id, reason });
}

function leadOf(kind: Exception, visit: Visit): string {
  if (kind === "forgive" || kind === "exempt") return t(`${kind}.lead`, { name: visit.name });
  return kind === "permit" ? t("permit.lead", { limit: visit.members_limit ?? visit.party, party: visit.party }) : "";
}

// `verbal`: a guard takes the aide's permission down, and says who gave it.
export function ExceptionSheet({
  kind,
  visit,
  verbal = false,
  class: name,
  onClose,
}: {
  kind: Exception;
  visit: Visit;
  verbal?: boolean;
  class?: string;
  onClose: () => void;
}) {
  const [reason, setReason] = useState("");
  const [deviation, setDeviation] = useState(deviations[0]);
  async function submit(event: SubmitEvent) {
    event.preventDefault();
    if (!reason.trim()) return;
    if (await attempt(() => send(kind, visit, reason.trim(), deviation, verbal), tMaybe(words[kind][1], { name: visit.name }))) onClose();
  }
  const label =
    kind === "deviate" ? t("deviate.why") : kind === "cancel" ? t("plan.cancel_title") : kind === "permit" && verbal ? t("permit.who") : t("reason");
  const lead = leadOf(kind, visit);
  return (
    <Sheet title={`${exceptionText(kind)} · ${visit.name}`} class={name} onClose={onClose}>
      <form class="stack" onSubmit={submit} data-exception={kind}>
        {lead && <p class="muted">{lead}</p>}
        {kind === "deviate" && (
          <Field label={t("deviate.kind")}>
            <select name="kind" data-first="" value={deviation} onChange={(event) => setDeviation(event.currentTarget.value as NotedDeviation)}>
              {deviations.map((one) => (
                <option key={one} value={one}>
                  {coded("deviation", one)}
                </option>
              ))}
            </select>
          </Field>
        )}
        {kind === "permit" && verbal ? (
          <Field label={label}>
            <input
              data-first=""
              required
              maxLength={200}
              value={reason}
              placeholder={t("verbal.who_example")}
              onInput={(event) => setReason(event.currentTarget.value)}
            />
          </Field>
        ) : (
          <ReasonPicker label={label} value={reason} onPick={setReason} options={reasons[kind].map(([code, key]) => [code, t(key)])} />
        )}
        <footer class="dialog-foot">
          <Button submit kind="primary" size="big" disabled={!reason.trim()}>
            {kind === "deviate" ? t("deviate.submit") : exceptionText(kind)}
          </Button>
        </footer>
      </form>
    </Sheet>
  );
}
