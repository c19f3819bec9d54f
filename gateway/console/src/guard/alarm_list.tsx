// SPDX-License-Identifier: Apache-2.0
// Standing alarms. Each is acknowledged by itself, with what was done: there is no "all" button on purpose.

import { type Alarm, type AlarmHandling, api } from "../api";
import { Button } from "../components/button";
import { alarms, alarmsBeyond, devices, findVisit, refreshAlarms } from "../live";
import { attempt } from "../notes";
import { alarmText, placeName } from "../sentences";
import { stampText } from "../time";
import { More } from "../ui/more";
import { VerdictShape } from "../ui/shape";
import { t } from "../words";

const ways: AlarmHandling[] = ["handled", "false_alarm", "passed_on"];

function One({ alarm }: { alarm: Alarm }) {
  const acknowledge = (how: AlarmHandling) =>
    attempt(async () => {
      await api.acknowledge(alarm.number, how);
      await refreshAlarms();
    }, t("done.ack"));
  const subject = findVisit(alarm.subject)?.name ?? placeName(alarm.subject);
  return (
    <article class={`alarm alarm-${alarm.priority} ${alarm.active ? "" : "alarm-over"}`} data-alarm={alarm.number}>
      <h3>
        <VerdictShape kind={alarm.priority === "medium" ? "check" : "refuse"} /> {alarmText(alarm.kind)}
      </h3>
      <p>
        <b>{subject}</b> {stampText(alarm.raised)} · {t(alarm.active ? "alarm.active" : "alarm.cleared")}
      </p>
      {alarm.acknowledged_by ? (
        <p class="alarm-done">{alarm.handling ? t(`alarm.${alarm.handling}`) : ""}</p>
      ) : (
        <div class="alarm-ways">
          {ways.map((how) => (
            <Button key={how} size="small" onClick={() => void acknowledge(how)}>
              {t(`alarm.${how}`)}
            </Button>
          ))}
        </div>
      )}
    </article>
  );
}

// What still lasts first, then by priority, then the newest: a door forced open never hides below a camera that was away.
const rank = { critical: 0, high: 1, medium: 2 };
const urgency = (alarm: Alarm) => (alarm.active ? 0 : 10) + rank[alarm.priority];
const sorted = (all: Alarm[]) => all.slice().sort((a, b) => urgency(a) - urgency(b) || b.number - a.number);
const List = ({ all }: { all: Alarm[] }) => (
  <>
    {sorted(all).map((alarm) => (
      <One key={alarm.number} alarm={alarm} />
    ))}
  </>
);

export const AlarmList = () => (
  <>
    <List all={alarms.value} />
    <More n={alarmsBeyond.value} />
  </>
);

// At the post: alarms about a threat to a person are above the guests who need the guard, those of devices below them in one
// row. An alarm about a guest whose card needs the guard is below the cards, which say the same.
const isOfDevice = (alarm: Alarm) => /^(device_offline|fault|clock_jumped|journal_unavailable|unlock_unconfirmed)$/.test(alarm.kind);
const isUrgent = (alarm: Alarm) => !isOfDevice(alarm) && alarm.active && !alarm.acknowledged_by && (alarm.priority !== "medium" || alarm.kind === "held_open");

export const UrgentAlarms = () => <List all={alarms.value.filter(isUrgent)} />;
export const LesserAlarms = () => (
  <>
    <List all={alarms.value.filter((one) => !isUrgent(one) && !isOfDevice(one))} />
    <More n={alarmsBeyond.value} />
  </>
);

export function DeviceAlarms() {
  const all = sorted(alarms.value.filter(isOfDevice));
  devices.value;
  if (!all.length) return null;
  const names = [...new Set(all.filter((one) => one.active).map((one) => placeName(one.subject)))];
  return (
    <details class="alarm-group" data-device-alarms={all.length}>
      <summary>
        <b>{t("alarm.devices", { n: all.length })}</b> <small>{names.join(", ") || t("alarm.devices_over")}</small>
      </summary>
      <List all={all} />
    </details>
  );
}
