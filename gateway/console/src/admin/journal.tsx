// SPDX-License-Identifier: Apache-2.0
// The journal's tail. Without a filter it runs with the live feed; with one it is asked from the daemon.

import { useEffect, useState } from "preact/hooks";
import { api, type Entry, type EventType } from "../api";
import { Field } from "../components/field";
import { feed } from "../live";
import { sentenceOf, toneOf } from "../sentences";
import { clockText, dayText } from "../time";
import { ClipButton } from "../ui/live";
import { VerdictShape } from "../ui/shape";
import { t } from "../words";

const types: EventType[] = [
  "access_granted",
  "access_taken",
  "access_not_taken",
  "access_unknown",
  "access_denied",
  "exit_requested",
  "mode_changed",
  "passback_forgiven",
  "passback_exempted",
  "passback_reset",
  "visit_planned",
  "visit_registered",
  "visit_completed",
  "visit_moved",
  "visit_closed",
  "portrait_set",
  "step_attested",
  "deviation_noted",
  "undone",
  "attention_listed",
  "attention_decided",
  "approval_asked",
  "approval_received",
  "approval_escalated",
  "approval_decided",
  "approval_answered",
  "approval_withdrawn",
  "verbal_reviewed",
  "leader_changed",
  "badge_stocked",
  "badge_issued",
  "badge_print_ordered",
  "badge_print_ended",
  "badge_printed",
  "badge_shown",
  "badge_changed",
  "badge_returned",
  "badge_revoked",
  "badge_presented",
  "screening_passage",
  "screening_alarm",
  "screening_recorded",
  "detector_tested",
  "escort_moved",
  "deposit_moved",
  "lockdown_started",
  "lockdown_ended",
  "duress_signalled",
  "muster_started",
  "muster_marked",
  "muster_ended",
  "shift_started",
  "shift_handed_over",
  "shift_accepted",
  "post_changed",
  "alarm_raised",
  "alarm_cleared",
  "alarm_acknowledged",
  "device_online",
  "device_offline",
  "clock_changed",
  "user_added",
  "user_disabled",
  "user_password_set",
  "session_opened",
  "sign_in_refused",
  "request_refused",
  "pin_set",
  "pin_removed",
  "pin_failed",
  "log_key_changed",
  "log_continued",
  "granting_stopped",
  "granting_resumed",
  "picture_kept",
  "clip_kept",
  "retention_changed",
  "retention_agreed",
  "retention_approved",
  "data_erased",
  "retention_done",
  "data_read",
  "hold_set",
  "hold_released",
  "case_opened",
  "case_closed",
  "person_corrected",
  "person_restricted",
  "backup_made",
  "site_opened",
  "site_closed",
];
const page = 200;

export function Journal() {
  const [type, setType] = useState<EventType | "">("");
  const [found, setFound] = useState<Entry[]>([]);
  const live = feed.value;
  const newest = live.find((entry) => !type || entry.type === type)?.number;
  useEffect(() => {
    if (!type) return;
    let alive = true;
    const read = async () => {
      const answer = await api.events({ type, limit: page });
      if (alive) setFound(answer.events.slice().reverse());
    };
    void read().catch(() => {});
    return () => {
      alive = false;
    };
  }, [type, newest]);
  const shown = type ? found : live;
  return (
    <>
      <div class="toolbar">
        <Field label={t("admin.filter_type")}>
          <select value={type} onChange={(event) => setType(event.currentTarget.value as EventType | "")}>
            <option value="">{t("admin.all_types")}</option>
            {types.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </Field>
      </div>
      <table class="table journal">
        <thead>
          <tr>
            <th scope="col">{t("admin.col.number")}</th>
            <th scope="col">{t("admin.col.time")}</th>
            <th scope="col">{t("admin.col.event")}</th>
            <th scope="col">{t("admin.col.type")}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((entry) => {
            const tone = toneOf(entry);
            return (
              <tr key={entry.number}>
                <td class="code">{entry.number}</td>
                <td>
                  <time dateTime={entry.time}>
                    {dayText(entry.time)} {clockText(entry.time)}
                  </time>
                </td>
                <td>
                  {tone && <VerdictShape kind={tone} />} {sentenceOf(entry)} <ClipButton entry={entry} />
                </td>
                <td class="code">
                  {entry.type}
                  {entry.ref !== null ? <small> → {entry.ref}</small> : null}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {shown.length === 0 && <p class="muted">{t("admin.no_events")}</p>}
    </>
  );
}
