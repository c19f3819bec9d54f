// SPDX-License-Identifier: Apache-2.0
// Standing alarms. Each is acknowledged by itself, with what was done: there is no "all" button on purpose.
import { api, type Alarm, type Handling } from "../api";
import { alarms, alarmsBeyond, refreshAlarms } from "../live";
import { attempt } from "../notes";
import { alarmText, placeName } from "../sentences";
import { useStore } from "../store";
import { stampText } from "../time";
import { findVisit } from "../live";
import { More } from "../ui/more";
import { VerdictShape } from "../ui/shape";
import { t } from "../words";

const ways: Handling[] = ["handled", "false_alarm", "passed_on"];

function One({ alarm }: { alarm: Alarm }) {
  const acknowledge = (how: Handling) =>
    attempt(async () => {
      await api.acknowledge(alarm.number, how);
      await refreshAlarms();
    }, t("done.ack"));
  const subject = findVisit(alarm.subject)?.name ?? placeName(alarm.subject);
  return (
    <article class={`alarm alarm-${alarm.priority} ${alarm.active ? "" : "alarm-over"}`} data-alarm={alarm.number}>
      <h3><VerdictShape kind={alarm.priority === "medium" ? "check" : "refuse"} /> {alarmText(alarm.kind)}</h3>
      <p><b>{subject}</b> {stampText(alarm.raised)} · {t(alarm.active ? "alarm.active" : "alarm.cleared")}</p>
      {alarm.acknowledged_by ? (
        <p class="alarm-done">{alarm.handling ? t(`alarm.${alarm.handling}` as "alarm.handled") : ""}</p>
      ) : (
        <div class="alarm-ways">
          {ways.map((how) => (
            <button key={how} type="button" class="plain small" onClick={() => void acknowledge(how)}>{t(`alarm.${how}` as "alarm.handled")}</button>
          ))}
        </div>
      )}
    </article>
  );
}

// What still lasts first, then by priority, then the newest: a door forced open never hides below a camera that was away.
const rank = { critical: 0, high: 1, medium: 2 };
const urgency = (alarm: Alarm) => (alarm.active ? 0 : 10) + rank[alarm.priority];

export function AlarmList() {
  const all = useStore(alarms).slice().sort((a, b) => urgency(a) - urgency(b) || b.number - a.number);
  return <>{all.map((alarm) => <One key={alarm.number} alarm={alarm} />)}<More n={useStore(alarmsBeyond)} /></>;
}
