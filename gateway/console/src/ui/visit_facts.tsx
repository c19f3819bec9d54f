// SPDX-License-Identifier: Apache-2.0
// What a visit's sheet says on every screen: its facts, and its events as sentences.
import type { FullVisit, Visit } from "../api";
import { sentenceOf } from "../sentences";
import { clockText, dayText, momentText, stampText } from "../time";
import { coded, t } from "../words";
import { More } from "./more";

function factsOf(visit: Visit): [string, string][] {
  const approval = t(`approval.${visit.approval}`) + (visit.approval_reason ? ` (${coded("decline", visit.approval_reason)})` : "");
  const rows: [string, string][] = [
    [t("detail.arrived"), visit.closed ? momentText(visit.arrived) : stampText(visit.arrived)],
    [t("detail.phone"), visit.phone || t("none")],
    [t("detail.decision"), visit.verbal === "none" ? approval : `${approval} · ${t(`verbal.${visit.verbal}`)}`],
    [t("detail.screening"), t(`screening.${visit.screening}`)],
    [t("detail.presence"), t(`presence.${visit.presence}`)],
    [t("detail.badge"), visit.badge ? t(`badge.${visit.badge.state}`) : t("none")],
  ];
  if (visit.party > 1) rows.push([t("detail.party"), t("card.party", { n: visit.party })]);
  if (visit.identity_type) rows.push([t("detail.identity"), `${t(`identity.${visit.identity_type}`)} …${visit.identity_last4 ?? ""}`]);
  if (visit.vehicle) rows.push([t("detail.vehicle"), visit.vehicle]);
  if (visit.escort !== "none") rows.push([t("detail.escort"), t(`escort.${visit.escort}`)]);
  if (visit.out_of_hours) rows.push([t("detail.hours"), t(visit.hours_permit ? "detail.hours_permit" : "detail.hours_out")]);
  if (visit.passback_exempt) rows.push([t("except.title"), t("exempt.is")]);
  if (visit.members_permit) rows.push([t("detail.party"), t("permit.is", { name: visit.members_permit })]);
  if (visit.sop) rows.push([t("detail.sop"), visit.sop]);
  return rows;
}

export function VisitFacts({ visit }: { visit: Visit }) {
  return (
    <dl class="facts">
      {factsOf(visit).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

// `dated`: of another day than today.
export function VisitHistory({ visit, dated = false }: { visit: FullVisit; dated?: boolean }) {
  return (
    <>
      <h3>{t("detail.history")}</h3>
      <ol class="feed-list detail-feed" tabIndex={0} aria-label={t("detail.history")}>
        {visit.events
          .filter((entry) => entry.type !== "picture_kept")
          .slice()
          .reverse()
          .map((entry) => (
            <li key={entry.number}>
              <time dateTime={entry.time}>
                {dated && dayText(entry.time)} {clockText(entry.time)}
              </time>
              <span>{sentenceOf(entry, visit)}</span>
            </li>
          ))}
      </ol>
      <More n={visit.events_total - visit.events.length} />
    </>
  );
}
