// SPDX-License-Identifier: Apache-2.0
// Visits that are over, for the aide and the admin. Those of earlier days are masked; one is unmasked with a reason, which is
// recorded under the name of the person who looks, and shown for as long as its sheet is open.

import { useEffect, useState } from "preact/hooks";
import { api, type FullVisit, type Listed, type Visit } from "../api";
import { Button } from "../components/button";
import { Field } from "../components/field";
import { Row } from "../components/row";
import { Sheet } from "../components/sheet";
import { onEntry } from "../live";
import { attempt } from "../notes";
import { dayText, minuteText, momentText, serverNow, siteLocal, stampText } from "../time";
import { coded, t } from "../words";
import { ClipButton } from "./live";
import { More } from "./more";
import { Kept, PortraitFigure, WaitingStill } from "./pictures";
import { VisitFacts, VisitHistory } from "./visit_facts";

const at_once = 500;
const pictures_ms = 15 * 60_000; // the daemon gives the pictures of an unmasked visit for so long

function matches(visit: Visit, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  return [visit.name, visit.institution, visit.whom, dayText(visit.arrived)].some((words) => words.toLowerCase().includes(wanted));
}

export function PastVisits({ class: name }: { class?: string }) {
  const [past, setPast] = useState<Listed<Visit> | null>(null);
  const [most, setMost] = useState(at_once);
  const [text, setText] = useState("");
  const [date, setDate] = useState("");
  const [shown, setShown] = useState<string | null>(null);
  useEffect(() => {
    let wanted = true; // the answer for one day may come after that for the next
    const read = () =>
      void api.pastVisits(most, date).then(
        (all) => wanted && setPast(all),
        () => {},
      );
    read();
    const unfollow = onEntry((entry) => entry.type === "visit_closed" && read());
    return () => {
      wanted = false;
      unfollow();
    };
  }, [date, most]);
  const fitting = (past?.rows ?? []).filter((visit) => visit.closed && matches(visit, text));
  return (
    <div class="past" data-past>
      <div class="past-filter">
        <Field label={t("past.date")}>
          <input
            name="date"
            type="date"
            max={siteLocal(serverNow()).slice(0, 10)}
            value={date}
            onInput={(event) => {
              setMost(at_once);
              setDate(event.currentTarget.value);
            }}
          />
        </Field>
        <Field label={t("past.find")}>
          <input type="search" autocomplete="off" value={text} onInput={(event) => setText(event.currentTarget.value)} />
        </Field>
      </div>
      {past && fitting.length === 0 && <p class="muted">{t("visits.none")}</p>}
      <ul class="past-list">
        {fitting.map((visit) => (
          <li key={visit.id}>
            <Row
              data-past-visit={visit.id}
              title={visit.name}
              detail={`${momentText(visit.arrived)} · ${visit.whom || t("none")} · ${t(`state.${visit.state}`)}`}
              state={visit.masked && <span class="card-mark mark-plain">{t(visit.restricted ? "privacy.is_restricted" : "unmask.is_masked")}</span>}
              onOpen={() => setShown(visit.id)}
            />
          </li>
        ))}
      </ul>
      {past && <More n={past.total - past.rows.length} onMore={() => setMost((n) => n + at_once)} />}
      {shown && <PastVisit id={shown} class={name} onClose={() => setShown(null)} />}
    </div>
  );
}

function PastVisit({ id, class: name = "dialog-wide", onClose }: { id: string; class?: string; onClose: () => void }) {
  const [visit, setVisit] = useState<FullVisit | null>(null);
  const [opened, setOpened] = useState<number | null>(null);
  useEffect(() => void attempt(async () => setVisit(await api.visit(id))), [id]);
  if (!visit)
    return (
      <Sheet title={t("detail.visit")} class={name} onClose={onClose}>
        <p class="muted">{t("app.loading")}</p>
      </Sheet>
    );
  return (
    <Sheet title={visit.name} class={name} onClose={onClose}>
      <div class="past-visit" data-masked={visit.masked ? "yes" : "no"}>
        {visit.restricted ? (
          <p class="notice notice-check">{t("unmask.restricted")}</p>
        ) : (
          visit.masked && (
            <Unmask
              id={id}
              onShown={(full) => {
                setVisit(full);
                setOpened(serverNow());
              }}
            />
          )
        )}
        {opened !== null && (
          <p class="notice" role="status" data-unmasked>
            {t("unmask.done", { at: stampText(opened), until: minuteText(opened + pictures_ms) })}
          </p>
        )}
        {!visit.masked && <Pictures visit={visit} />}
        <p class={`category category-${visit.category}`}>{t(`category.${visit.category}`)}</p>
        {visit.purpose && (
          <p class="detail-purpose">
            {visit.purpose}{" "}
            <span>
              {t("card.for")} {visit.whom}
            </span>
          </p>
        )}
        {visit.institution && <p class="muted">{visit.institution}</p>}
        <VisitFacts visit={visit} />
        {visit.members && (
          <p class="detail-members">
            <b>{t("detail.members")}</b> {visit.members.split("\n").join(", ")}
          </p>
        )}
        <VisitHistory visit={visit} dated />
      </div>
    </Sheet>
  );
}

function Pictures({ visit }: { visit: FullVisit }) {
  const scans = visit.events.filter((entry) => entry.type.startsWith("access_") && entry.pictures.length > 0);
  return (
    <div class="past-pictures">
      <PortraitFigure visit={visit} />
      <WaitingStill visit={visit} />
      {scans.map((entry) => (
        <figure key={entry.number}>
          <Kept hash={entry.pictures[0]} label={t("unmask.scan")} />
          <figcaption>
            {momentText(entry.time)} {coded("place", entry.point ?? "")} <ClipButton entry={entry} />
          </figcaption>
        </figure>
      ))}
    </div>
  );
}

function Unmask({ id, onShown }: { id: string; onShown: (visit: FullVisit) => void }) {
  const [reason, setReason] = useState("");
  async function open(event: SubmitEvent) {
    event.preventDefault();
    if (reason.trim()) await attempt(async () => onShown(await api.unmask(id, reason.trim())));
  }
  return (
    <form class="notice notice-check stack" data-unmask onSubmit={open}>
      <p>
        <b>{t("unmask.lead")}</b> {t("unmask.recorded")}
      </p>
      <Field label={t("unmask.why")}>
        <input
          name="reason"
          data-first=""
          required
          maxLength={500}
          autocomplete="off"
          placeholder={t("unmask.example")}
          value={reason}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
      </Field>
      <Button submit kind="primary" size="big" disabled={!reason.trim()}>
        {t("unmask.act")}
      </Button>
    </form>
  );
}
