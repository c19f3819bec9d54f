// SPDX-License-Identifier: Apache-2.0
// Roll call: one line a person, one large button; usable when the network is gone.

import { useEffect, useState } from "preact/hooks";
import { api, type Inside } from "../api";
import { Button } from "../components/button";
import { areas, onEntry } from "../live";
import { markSafe, marks, muster, offline, readMuster } from "../muster";
import { attempt } from "../notes";
import { momentText, stampText } from "../time";
import { coded, type PlainKey, t } from "../words";
import { VerdictShape } from "./shape";

const read_ms = 5000;
const reasons = { start: ["fire", "quake", "drill"], end: ["done", "drill"] };

function whereOf(person: Inside, names: Map<string, string>): string {
  const places = Object.entries(person.where).filter(([area, people]) => area !== "outside" && people > 0);
  if (!places.length) return coded("presence", person.presence);
  return places.map(([area, people]) => `${names.get(area) || coded("area", area)}${person.party > 1 ? ` ${people}` : ""}`).join(", ");
}

export function MusterView() {
  const kept = muster.value;
  const waiting = marks.value;
  const lost = offline.value;
  const names = new Map(areas.value.map((one) => [one.id, one.name]));
  const [asking, setAsking] = useState<"start" | "end" | null>(null);
  useEffect(() => {
    void readMuster();
    const timer = setInterval(() => void readMuster(), read_ms);
    const back = () => void readMuster();
    addEventListener("online", back);
    const stop = onEntry((entry) => /^(muster_|access_taken|visit_closed)/.test(entry.type) && void readMuster());
    return () => {
      clearInterval(timer);
      removeEventListener("online", back);
      stop();
    };
  }, []);
  if (!kept) return <p class="muted">{t("app.loading")}</p>;
  const { list } = kept;
  const running = list.entry !== null;
  const isSafe = (person: Inside) => person.safe || waiting.some((one) => one.visit === person.visit);
  const people = list.people.slice().sort((a, b) => Number(isSafe(a)) - Number(isSafe(b)) || a.name.localeCompare(b.name));
  const all = people.reduce((sum, one) => sum + one.party, 0);
  const safe = people.filter(isSafe).reduce((sum, one) => sum + one.party, 0);
  async function move(reason: string) {
    const done = await attempt(async () => void (asking === "start" ? await api.startMuster(reason) : await api.endMuster(reason)));
    if (done) setAsking(null);
    await readMuster();
  }
  return (
    <div class="muster" data-running={running}>
      <div class="muster-head">
        <p class="muster-count">
          <b>{safe}</b> <span>{t("muster.of", { all })}</span>
        </p>
        <p>{running && list.started ? t("muster.running", { time: stampText(list.started) }) : t("muster.idle")}</p>
        {asking ? (
          <div class="revoke-why" role="group" aria-label={t("muster.why")}>
            <span>{t("muster.why")}</span>
            {reasons[asking].map((one) => (
              <Button key={one} size="small" data-reason={one} onClick={() => void move(one)}>
                {t(`muster.reason.${one}` as PlainKey)}
              </Button>
            ))}
            <Button kind="quiet" size="small" onClick={() => setAsking(null)}>
              {t("cancel")}
            </Button>
          </div>
        ) : (
          <Button
            kind={running ? "plain" : "danger"}
            data-muster={running ? "end" : "start"}
            disabled={lost}
            onClick={() => setAsking(running ? "end" : "start")}
          >
            {t(running ? "muster.end" : "muster.start")}
          </Button>
        )}
      </div>
      <div role="status" class="muster-notices">
        {lost && (
          <p class="notice notice-check" data-muster="offline">
            {t("muster.offline", { time: momentText(kept.read) })}
          </p>
        )}
        {waiting.length > 0 && (
          <p class="notice notice-check" data-muster="pending">
            {t("muster.pending", { n: waiting.length })}
          </p>
        )}
      </div>
      {running && <p class="muted">{t("muster.lead")}</p>}
      {people.length === 0 && <p class="muted">{t("muster.none")}</p>}
      <ul class="muster-list">
        {people.map((person) => (
          <li key={person.visit} class={isSafe(person) ? "muster-safe" : ""} data-person={person.visit}>
            <p>
              <b>{person.name}</b>
              {person.party > 1 && <> · {t("card.party", { n: person.party })}</>}
              <small>
                {whereOf(person, names)}
                {person.presence_at ? ` · ${stampText(person.presence_at)}` : ""}
              </small>
            </p>
            {isSafe(person) ? (
              <span class="muster-mark">
                <VerdictShape kind="pass" /> {t("muster.marked")}
              </span>
            ) : (
              running && (
                <Button kind="primary" size="big" aria-label={`${t("muster.mark")}: ${person.name}`} onClick={() => markSafe(person.visit)}>
                  {t("muster.mark")}
                </Button>
              )
            )}
          </li>
        ))}
      </ul>
      {list.staff.length > 0 && (
        <>
          <h2>{t("muster.staff")}</h2>
          <ul class="plain-list">
            {list.staff.map((one) => (
              <li key={one.badge}>
                <b>{one.name || one.host}</b> · {names.get(one.area) || coded("area", one.area)}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
