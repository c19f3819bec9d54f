// SPDX-License-Identifier: Apache-2.0
// Everything about one visit, with its events as sentences.
import { useEffect, useState } from "preact/hooks";
import { api, type Entry, pictureUrl, type Visit } from "../api";
import { devices, feed } from "../live";
import { attempt } from "../notes";
import { sentenceOf } from "../sentences";
import { useStore } from "../store";
import { clockText, dayText, stampText } from "../time";
import { Dialog } from "../ui/dialog";
import { Portrait } from "../ui/pictures";
import { type Act, actKey } from "../visit";
import { coded, t } from "../words";

interface Props {
  id: string;
  primary: Act | null;
  onClose: () => void;
  onAct: (act: Act, visit: Visit) => void;
}

export function DetailSheet({ id, primary, onClose, onAct }: Props) {
  const [visit, setVisit] = useState<(Visit & { events: Entry[] }) | null>(null);
  const newest = useStore(feed).find((entry) => entry.visit === id)?.number;
  const camera = useStore(devices).find((one) => one.kind === "camera" && one.online && /lobby|lobi|pos|wait/.test(one.id));
  useEffect(() => {
    api.visit(id).then(setVisit, () => {});
  }, [id, newest]);
  if (!visit) return <Dialog title={t("detail.visit")} onClose={onClose}><p class="muted">{t("app.loading")}</p></Dialog>;
  const rows: [string, string][] = [
    [t("detail.arrived"), `${stampText(visit.arrived)}`],
    [t("detail.phone"), visit.phone || t("none")],
    [t("detail.decision"), t(`approval.${visit.approval}`) + (visit.approval_reason ? ` (${coded("decline", visit.approval_reason)})` : "")],
    [t("detail.screening"), t(`screening.${visit.screening}`)],
    [t("detail.presence"), t(`presence.${visit.presence}`)],
    [t("detail.badge"), visit.badge ? t(`badge.${visit.badge.state}`) : t("none")],
  ];
  return (
    <Dialog title={visit.name} class="dialog-wide" onClose={onClose}>
      <div class="detail">
        <div class="detail-pictures">
          <figure><Portrait hash={visit.portrait} name={visit.name} size="portrait-large" /><figcaption>{t("verdict.portrait")}</figcaption></figure>
          {visit.waiting_still && (
            <figure><img class="still" src={pictureUrl(visit.waiting_still)} alt={t("detail.waiting_still")} />
              <figcaption>{t("detail.waiting_still")}{visit.asked ? `, ${stampText(visit.asked)}` : ""}</figcaption></figure>
          )}
          {camera && !visit.closed && (
            <button type="button" class="plain" onClick={() => void attempt(async () => {
              const made = await api.takePicture(camera.id);
              await api.setPortrait(id, made.hash);
            }, t("done.portrait"))}>{t("detail.take_portrait")}</button>
          )}
        </div>
        <div class="detail-facts">
          <p class={`category category-${visit.category}`}>{t(`category.${visit.category}`)}</p>
          <p class="detail-purpose">{visit.purpose} <span>{t("card.for")} {visit.whom}</span></p>
          <p class="muted">{visit.institution}</p>
          <dl class="facts">{rows.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
          <h3>{t("detail.previous")}</h3>
          {visit.previous.length === 0 ? <p class="muted">{t("detail.no_previous")}</p> : (
            <ul class="plain-list">{visit.previous.slice(0, 3).map((past) => (
              <li key={past.arrived}>{dayText(past.arrived)} · {t(`state.${past.state}`)} · {t(`approval.${past.approval}`)}</li>
            ))}</ul>
          )}
          <h3>{t("detail.history")}</h3>
          <ol class="feed-list detail-feed" tabIndex={0} aria-label={t("detail.history")}>
            {visit.events.filter((entry) => entry.type !== "picture_kept").slice().reverse().map((entry) => (
              <li key={entry.number}><time dateTime={entry.time}>{clockText(entry.time)}</time><span>{sentenceOf(entry)}</span></li>
            ))}
          </ol>
        </div>
      </div>
      {!visit.closed && (
        <footer class="dialog-foot">
          {visit.approval === "sent" && <button type="button" class="plain" onClick={() => onAct("verbal", visit)}><kbd>F8</kbd> {t("act.verbal")}</button>}
          {visit.badge && primary !== "rebadge" && <button type="button" class="plain" onClick={() => onAct("rebadge", visit)}>{t("act.rebadge")}</button>}
          {primary !== "exit" && primary !== "leave" && <button type="button" class="plain" onClick={() => onAct("exit", visit)}><kbd>F7</kbd> {t("exit.title")}</button>}
          {primary && <button type="button" class="primary" data-first="" onClick={() => onAct(primary, visit)}><kbd>{actKey[primary]}</kbd> {t(`act.${primary}`)}</button>}
        </footer>
      )}
    </Dialog>
  );
}
