// SPDX-License-Identifier: Apache-2.0
import { useState } from "preact/hooks";
import { pictureUrl, type Visit } from "../api";
import { dayText, stampText, waitedText } from "../time";
import { Dialog } from "../ui/dialog";
import { Portrait } from "../ui/pictures";
import { coded, t } from "../words";

export function Guest({ visit, now }: { visit: Visit; now: number }) {
  const [looking, setLooking] = useState(false);
  const still = visit.waiting_still && (
    <figure class="guest-still">
      <img src={pictureUrl(visit.waiting_still)} alt={t("detail.waiting_still")} />
      <figcaption>{visit.asked ? t("aide.still_at", { time: stampText(visit.asked) }) : t("detail.waiting_still")}</figcaption>
    </figure>
  );
  return (
    <>
    <article class={`guest guest-${visit.category}`} data-visit={visit.id}>
      {still}
      <div class="guest-top">
        <Portrait hash={visit.portrait} name={visit.name} size="portrait-guest" />
        <div>
          <p class={`category category-${visit.category}`}>{t(`category.${visit.category}`)}</p>
          <h2>{visit.name}</h2>
          <p class="guest-from">{visit.institution}</p>
        </div>
        <p class="guest-waited"><b>{waitedText(visit.arrived, now)}</b><span>{t("aide.waited")}</span></p>
      </div>
      <p class="guest-purpose">{visit.purpose} <span>{t("card.for")} {visit.whom}</span></p>
      {visit.approval !== "sent" && (
        <p class="guest-decided">{t(`approval.${visit.approval}`)}{visit.hold_until ? ` → ${stampText(visit.hold_until)}` : ""}
          {visit.approval_reason ? ` · ${coded("decline", visit.approval_reason)}` : ""}</p>
      )}
      <p class="guest-more">
        <span>{t("detail.screening")}: {t(`screening.${visit.screening}`)}</span>
        <button type="button" class="plain" onClick={() => setLooking(true)}>{t("aide.look")}</button>
      </p>
      {visit.previous.length > 0 && (
        <details class="guest-past">
          <summary>{t("aide.previous")}</summary>
          <ul class="plain-list">{visit.previous.slice(0, 3).map((past) => (
            <li key={past.arrived}>{dayText(past.arrived)} · {t(`state.${past.state}`)} · {t(`approval.${past.approval}`)}</li>
          ))}</ul>
        </details>
      )}
    </article>
      {looking && (
        <Dialog title={visit.name} class="dialog-look" onClose={() => setLooking(false)}>
          <div class="look">
            {visit.waiting_still && (
              <figure><img src={pictureUrl(visit.waiting_still)} alt={t("detail.waiting_still")} />
                <figcaption>{visit.asked ? t("aide.still_at", { time: stampText(visit.asked) }) : t("detail.waiting_still")}</figcaption></figure>
            )}
            {visit.portrait && (
              <figure><img src={pictureUrl(visit.portrait)} alt={visit.name} /><figcaption>{t("verdict.portrait")}</figcaption></figure>
            )}
            <p><b>{visit.institution}</b></p>
            <p>{visit.purpose} {t("card.for")} {visit.whom}</p>
          </div>
        </Dialog>
      )}
    </>
  );
}
