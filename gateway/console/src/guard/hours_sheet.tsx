// SPDX-License-Identifier: Apache-2.0
// A guest has come outside visiting hours: the sentence to say, the rule by its name, and three ways on.

import { useState } from "preact/hooks";
import { api, type Hours, type Visit } from "../api";
import { Button } from "../components/button";
import { Field } from "../components/field";
import { Sheet } from "../components/sheet";
import { learned } from "../live";
import { attempt } from "../notes";
import { momentText, siteInstant, siteLocal } from "../time";
import { t } from "../words";

export function HoursSheet({ visit, hours, onAsk, onClose }: { visit: Visit; hours: Hours; onAsk: () => void; onClose: () => void }) {
  const [when, setWhen] = useState(hours.next_open ? siteLocal(hours.next_open) : "");
  const [choosing, setChoosing] = useState(false);
  async function turnAway(reason: string) {
    if (await attempt(async () => learned(await api.close(visit.id, "turned_away", reason)))) onClose();
  }
  const rows: [string, string][] = [
    [t("hours.rule"), hours.rule ?? (hours.reason ? t(`hours.${hours.reason}`) : t("hours.unknown"))],
    [t("hours.next"), hours.next_open ? momentText(hours.next_open) : t("hours.unknown")],
  ];
  if (hours.sunset) rows.splice(1, 0, [t("hours.sunset"), momentText(hours.sunset)]);
  return (
    <Sheet title={`${t("hours.title")} · ${visit.name}`} onClose={onClose} class="dialog-hours">
      <div class="stack">
        <p class="quoted">{t("hours.say")}</p>
        <dl class="facts">
          {rows.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        {choosing ? (
          <form
            class="stack"
            onSubmit={(event) => {
              event.preventDefault();
              if (when) void turnAway(t("hours.reason.rescheduled", { time: momentText(siteInstant(when)) }));
            }}
          >
            <Field label={t("hours.when")}>
              <input type="datetime-local" data-first="" required value={when} onInput={(event) => setWhen(event.currentTarget.value)} />
            </Field>
            <footer class="dialog-foot">
              <Button onClick={() => setChoosing(false)}>{t("cancel")}</Button>
              <Button submit kind="primary" disabled={!when}>
                {t("hours.reschedule")}
              </Button>
            </footer>
          </form>
        ) : (
          <div class="choices">
            <button
              type="button"
              class="choice choice-check"
              data-first=""
              data-hours="ask"
              onClick={() => {
                onClose();
                onAsk();
              }}
            >
              <span>
                <b>{t("hours.ask")}</b>
                <small>{t("hours.ask_hint")}</small>
              </span>
            </button>
            <button type="button" class="choice" data-hours="reschedule" onClick={() => setChoosing(true)}>
              <span>
                <b>{t("hours.reschedule")}</b>
                <small>{t("hours.reschedule_hint")}</small>
              </span>
            </button>
            <button type="button" class="choice choice-refuse" data-hours="turn_away" onClick={() => void turnAway("outside_hours")}>
              <span>
                <b>{t("hours.turn_away")}</b>
                <small>{t("hours.turn_away_hint")}</small>
              </span>
            </button>
          </div>
        )}
      </div>
    </Sheet>
  );
}
