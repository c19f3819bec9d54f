// SPDX-License-Identifier: Apache-2.0

import { useEffect, useState } from "preact/hooks";
import { api, type Visit } from "../api";
import { Button } from "../components/button";
import { Sheet } from "../components/sheet";
import { devices, learned } from "../live";
import { attempt } from "../notes";
import { session } from "../session";
import { stampText, waitedText } from "../time";
import { type Exception, ExceptionSheet, exceptionText, isOverLimit } from "../ui/exceptions";
import { Live } from "../ui/live";
import { Kept, Portrait, WaitingStill } from "../ui/pictures";
import { PreviousVisits } from "../ui/previous_visits";
import { accepted, isAsked, isInside } from "../visit";
import { coded, t } from "../words";

export function Guest({ visit, now }: { visit: Visit; now: number }) {
  const [looking, setLooking] = useState(false);
  const [sheet, setSheet] = useState<Exception | null>(null);
  const may: Exception[] = [
    ...(isOverLimit(visit) && accepted(visit) ? ["permit" as const] : []),
    ...(isInside(visit) && !visit.passback_exempt ? ["exempt" as const] : []),
  ];
  // Who sits there now, beside who sat there when the guard asked.
  const room = devices.value.find((device) => device.roles?.includes("waiting_room") && device.online);
  // What the aide asked back, and what the guard answered, are words in the journal.
  const [answer, setAnswer] = useState("");
  useEffect(() => {
    setAnswer("");
    if (visit.approval_version < 3 || !isAsked(visit)) return;
    let alive = true;
    api.visit(visit.id).then(
      (full) => {
        const said = full.events.filter((entry) => entry.type === "approval_answered").pop()?.note;
        if (alive && said) setAnswer(said);
      },
      () => {},
    );
    return () => {
      alive = false;
    };
  }, [visit.id, visit.approval_version]);
  const stillCaption = visit.asked ? t("aide.still_at", { time: stampText(visit.asked) }) : undefined;
  return (
    <>
      <article class={`guest guest-${visit.category}`} data-visit={visit.id}>
        <WaitingStill visit={visit} class="guest-still" caption={stillCaption} />
        <div class="guest-top">
          <Portrait hash={visit.portrait} name={visit.name} size="portrait-guest" />
          <div>
            <p class={`category category-${visit.category}`}>{t(`category.${visit.category}`)}</p>
            <h2>{visit.name}</h2>
            <p class="guest-from">{visit.institution}</p>
          </div>
          <p class="guest-waited">
            <b>{waitedText(visit.arrived, now)}</b>
            <span>{t("aide.waited")}</span>
          </p>
        </div>
        <p class="guest-purpose">
          {visit.purpose}{" "}
          <span>
            {t("card.for")} {visit.whom}
          </span>
        </p>
        <p class="guest-marks">
          {visit.party > 1 && <span class="card-mark mark-plain">{t("aide.party", { n: visit.party })}</span>}
          {visit.out_of_hours && <span class="card-mark mark-check">{t("card.hours")}</span>}
          {(visit.attention === "match" || visit.attention === "possible") && <span class="card-mark mark-refuse">{t("card.attention")}</span>}
          {visit.escalation > 0 && <span class="card-mark mark-check">{t("aide.repeated", { n: visit.escalation })}</span>}
          {isAsked(visit) && visit.second_aide?.id === session.value?.user.id && (
            <span class="card-mark mark-check" data-second>
              {t("aide.second_asked")}
            </span>
          )}
          {visit.members_permit && <span class="card-mark mark-plain">{t("permit.is", { name: visit.members_permit })}</span>}
          {visit.passback_exempt && <span class="card-mark mark-plain">{t("exempt.is")}</span>}
          {visit.verbal !== "none" && <span class="card-mark mark-check">{t(`verbal.${visit.verbal}`)}</span>}
        </p>
        {answer && <p class="guest-answer">{t("aide.answered", { text: answer })}</p>}
        {!isAsked(visit) && (
          <p class="guest-decided">
            {t(`approval.${visit.approval}`)}
            {visit.hold_until ? ` → ${stampText(visit.hold_until)}` : ""}
            {visit.approval_reason ? ` · ${coded("decline", visit.approval_reason)}` : ""}
          </p>
        )}
        <p class="guest-more">
          <span>
            {t("detail.screening")}: {t(`screening.${visit.screening}`)}
          </span>
          {visit.state === "in_meeting" && (
            <Button data-finish onClick={() => void attempt(async () => learned(await api.move(visit.id, "finished")))}>
              {t("act.finish")}
            </Button>
          )}
          <Button onClick={() => setLooking(true)}>{t("aide.look")}</Button>
        </p>
        {may.length > 0 && (
          <p class="guest-may">
            {may.map((one) => (
              <Button key={one} data-exception={one} onClick={() => setSheet(one)}>
                {exceptionText(one)}
              </Button>
            ))}
          </p>
        )}
        {sheet && <ExceptionSheet kind={sheet} visit={visit} class="dialog-bottom" onClose={() => setSheet(null)} />}
        {visit.previous.length > 0 && (
          <details class="guest-past">
            <summary>{t("aide.previous")}</summary>
            <PreviousVisits visit={visit} />
          </details>
        )}
      </article>
      {looking && (
        <Sheet title={visit.name} class="dialog-look" onClose={() => setLooking(false)}>
          <div class="look">
            {room && visit.presence !== "outside" && (
              <figure>
                <Live camera={room.id} label={t("aide.room_now")} />
                <figcaption>{t("aide.room_now")}</figcaption>
              </figure>
            )}
            <WaitingStill visit={visit} caption={stillCaption} />
            {visit.portrait && (
              <figure>
                <Kept hash={visit.portrait} label={visit.name} />
                <figcaption>{t("verdict.portrait")}</figcaption>
              </figure>
            )}
            <p>
              <b>{visit.institution}</b>
            </p>
            <p>
              {visit.purpose} {t("card.for")} {visit.whom}
            </p>
          </div>
        </Sheet>
      )}
    </>
  );
}
