// SPDX-License-Identifier: Apache-2.0
// What the alarms say as a whole: how many, which chatter, which stay without an end, and what to mend first.
import { useEffect, useState } from "preact/hooks";
import { type AlarmReport, api } from "../api";
import { AlarmList } from "../guard/alarm_list";
import { alarms, devices, feed, findVisit, portals } from "../live";
import { alarmText, placeName } from "../sentences";
import { dayText, stampText } from "../time";
import { numberText, t } from "../words";

const nameOf = (subject: string | null) => (subject ? (findVisit(subject)?.name ?? placeName(subject)) : t("none"));

// A guest or a person is nothing to mend.
const canBeMended = (subject: string) =>
  devices.value.some((one) => one.id === subject) || portals.value.some((one) => one.id === subject || one.points.some((point) => point.id === subject));

export function AlarmPage() {
  const [report, setReport] = useState<AlarmReport | null>(null);
  const standing = alarms.value.length;
  const newest = feed.value.find((entry) => entry.type.startsWith("alarm_"))?.number;
  useEffect(() => void api.alarmReport().then(setReport, () => {}), [newest]);
  if (!report) return <p class="muted">{t("app.loading")}</p>;
  const { rate } = report;
  const fix = report.fix.filter((one) => canBeMended(one.subject)).slice(0, 8);
  return (
    <div class="alarm-page">
      <dl class="figures">
        <div>
          <dd>{rate.day}</dd>
          <dt>{t("report.rate_day")}</dt>
        </div>
        <div>
          <dd>{numberText(rate.per_10_minutes, 1)}</dd>
          <dt>{t("report.rate_ten")}</dt>
        </div>
        <div>
          <dd>{rate.worst_10_minutes}</dd>
          <dt>{t("report.rate_worst")}</dt>
        </div>
      </dl>
      <section>
        <h2>{t("report.fix")}</h2>
        {fix.length === 0 && <p class="muted">{t("report.none")}</p>}
        <ol class="fix">
          {fix.map((one) => (
            <li key={one.subject} data-fix={one.subject}>
              <b>{t("report.fix_one", { subject: nameOf(one.subject) })}</b> <span>{t("report.times", { n: one.times })}</span>
              <small>{one.kinds.map((kind) => `${alarmText(kind.kind)} ${kind.times}×`).join(" · ")}</small>
            </li>
          ))}
        </ol>
      </section>
      <section>
        <h2>{t("report.standing")}</h2>
        {standing === 0 ? (
          <p class="muted">{t("report.none")}</p>
        ) : (
          <div class="alarm-grid">
            <AlarmList />
          </div>
        )}
      </section>
      <section>
        <h2>{t("report.stale")}</h2>
        {report.stale.length === 0 && <p class="muted">{t("report.none")}</p>}
        <ul class="plain-list">
          {report.stale.map((one) => (
            <li key={one.number}>
              <b>{alarmText(one.kind)}</b> · {nameOf(one.subject)} · {dayText(one.raised)} {stampText(one.raised)}
            </li>
          ))}
        </ul>
      </section>
      {report.chattering.length > 0 && (
        <section>
          <h2>{t("report.chattering")}</h2>
          <table class="table">
            <thead>
              <tr>
                <th scope="col">{t("report.col.subject")}</th>
                <th scope="col">{t("report.col.kind")}</th>
                <th scope="col">{t("report.col.times")}</th>
                <th scope="col">{t("report.col.last")}</th>
              </tr>
            </thead>
            <tbody>
              {report.chattering.map((one) => (
                <tr key={`${one.kind} ${one.subject}`}>
                  <th scope="row">{nameOf(one.subject)}</th>
                  <td>{alarmText(one.kind)}</td>
                  <td>{one.times}</td>
                  <td>
                    {dayText(one.last)} {stampText(one.last)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </div>
  );
}
