// SPDX-License-Identifier: Apache-2.0
// The thumb zone. Accept and decline have the others between them; nothing leaves the phone for five seconds.

import { useEffect, useState } from "preact/hooks";
import type { Visit } from "../api";
import { Sheet } from "../components/sheet";
import { useNow } from "../time";
import { isOverLimit } from "../ui/exceptions";
import { accepted } from "../visit";
import { type PlainKey, t } from "../words";
import { decideSoon, hold_ms, type Pending, pending, sendNow, undo } from "./held_send";
import { MoreDecisions } from "./more_decisions";

const settle_ms = 500;
const waits = [5, 10, 15, 30];
const reasons = ["leader_away", "leader_busy", "outside_hours", "no_appointment", "other_office", "not_possible"];

export function DecisionBar({ visit }: { visit: Visit }) {
  const [sheet, setSheet] = useState<"wait" | "more" | "decline" | null>(null);
  const [everybody, setEverybody] = useState(false);
  const held = pending.value;
  useNow();
  // Another guest has just come up here: a tap already on its way was meant for the one before.
  const [ready, setReady] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setReady(true), settle_ms);
    return () => clearTimeout(timer);
  }, []);

  function decide(body: Omit<Pending["body"], "version">, text: string) {
    setSheet(null);
    const all = everybody && /^accept/.test(body.decision) ? { all_members: true } : {};
    decideSoon(visit.id, { ...body, ...all, version: visit.approval_version }, text);
  }

  if (held) {
    const left = Math.max(0, Math.ceil((held.due - Date.now()) / 1000));
    return (
      <div class="thumb thumb-held" role="status">
        <p>{t("aide.sending", { what: held.text, n: left })}</p>
        <progress max={hold_ms} value={Math.max(0, held.due - Date.now())} aria-label={held.text} />
        <div class="thumb-row">
          <button type="button" class="thumb-button thumb-undo" onClick={undo}>
            {t("aide.undo")}
          </button>
          <button type="button" class="thumb-button thumb-send" onClick={() => sendNow()}>
            {t("aide.send_now")}
          </button>
        </div>
      </div>
    );
  }
  return (
    <div class="thumb">
      {isOverLimit(visit) && !accepted(visit) && (
        <label class="tick thumb-all">
          <input type="checkbox" name="all_members" checked={everybody} onChange={(event) => setEverybody(event.currentTarget.checked)} />{" "}
          {t("permit.aide", { n: visit.party, limit: visit.members_limit ?? visit.party })}
        </label>
      )}
      <div class="thumb-row thumb-row-4">
        <button
          type="button"
          class="thumb-button thumb-accept"
          data-decide="accept"
          disabled={!ready}
          onClick={() => decide({ decision: "accept_now" }, t("aide.accept"))}
        >
          {t("aide.accept")}
        </button>
        <button type="button" class="thumb-button thumb-wait" data-decide="wait" disabled={!ready} onClick={() => setSheet("wait")}>
          {t("aide.wait")}
        </button>
        <button type="button" class="thumb-button thumb-wait" data-decide="more" disabled={!ready} onClick={() => setSheet("more")}>
          {t("aide.more")}
        </button>
        <button type="button" class="thumb-button thumb-decline" data-decide="decline" disabled={!ready} onClick={() => setSheet("decline")}>
          {t("aide.decline")}
        </button>
      </div>
      {sheet === "wait" && (
        <Sheet title={t("aide.wait_title")} class="dialog-bottom" onClose={() => setSheet(null)}>
          {(
            [
              ["accept_later", "aide.wait_accept", "approval.accepted_later"],
              ["hold", "aide.wait_hold", "approval.held"],
            ] as ["accept_later" | "hold", PlainKey, PlainKey][]
          ).map(([decision, label, said]) => (
            <fieldset key={decision} class="waits">
              <legend>{t(label)}</legend>
              <div class="waits-row">
                {waits.map((minutes) => (
                  <button
                    key={minutes}
                    type="button"
                    class={`wait-choice wait-${decision}`}
                    aria-label={`${t(label)}, ${t("aide.minutes", { n: minutes })}`}
                    onClick={() => decide({ decision, minutes }, `${t(said)} ${t("aide.minutes", { n: minutes })}`)}
                  >
                    <b>{minutes}</b> <small>{t("aide.minute_word", { n: minutes })}</small>
                  </button>
                ))}
              </div>
            </fieldset>
          ))}
        </Sheet>
      )}
      {sheet === "more" && <MoreDecisions visit={visit} onDecide={decide} onClose={() => setSheet(null)} />}
      {sheet === "decline" && (
        <Sheet title={t("aide.decline_title")} class="dialog-bottom" onClose={() => setSheet(null)}>
          <p class="muted">{t("aide.decline_lead")}</p>
          <div class="decline-list">
            {reasons.map((reason) => {
              const text = t(`decline.${reason}` as PlainKey);
              return (
                <button
                  key={reason}
                  type="button"
                  class="decline-choice"
                  onClick={() => decide({ decision: "decline", reason }, `${t("aide.decline")}: ${text}`)}
                >
                  {text}
                </button>
              );
            })}
          </div>
        </Sheet>
      )}
    </div>
  );
}
