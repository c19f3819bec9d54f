// SPDX-License-Identifier: Apache-2.0

import { Button } from "../components/button";
import { Icon } from "../components/icon";
import { Menu, MenuAct } from "../components/menu";
import { alarms, areas, devices, lostSince, shift, status, visits } from "../live";
import { readiness } from "../readiness";
import { session, signOut } from "../session";
import { clockText, useNow, zoneName } from "../time";
import { Brand } from "../ui/brand";
import { isOff, Switches } from "../ui/frame";
import { PinMenu } from "../ui/pin";
import { VerdictShape } from "../ui/shape";
import { cardsOut, columnOf, peopleWithin } from "../visit";
import { coded, t } from "../words";

function Count({ name, value, label, more }: { name: string; value: number; label: string; more?: string }) {
  return (
    <p class="count" data-count={name}>
      <b>{value}</b>
      <span>
        {label}
        {more && <small title={more}>{more}</small>}
      </span>
    </p>
  );
}

export function StatusLine({ onShift }: { onShift: () => void }) {
  const now = useNow();
  const all = visits.value;
  const standing = alarms.value.filter((alarm) => !alarm.acknowledged_by);
  const lost = lostSince.value;
  const post = status.value;
  const known = devices.value;
  const off = known.filter(isOff);
  const faulty = known.filter((device) => device.online && device.fault);
  const can = readiness.value;
  const reported = lost === null && post !== null && known.length > 0;
  const printer = off.find((device) => device.kind === "printer");
  const who = session.value;
  const waiting = all.filter((visit) => visit.state === "waiting" || visit.state === "called").length;
  const duty = shift.value;
  const onDuty = duty?.guards.some((one) => one.id === who?.user.id) ?? false;
  // Where they are, by area; the site's own names.
  const taken = areas.value.filter((area) => area.id !== "outside" && area.people > 0);
  const places = taken.map((area) => `${area.name || coded("area", area.id)} ${area.people}${area.limit !== null ? `/${area.limit}` : ""}`).join(" · ");
  // Guests let in by hand are in no area, and staff are in areas without a visit: never fewer than the areas count.
  const within = Math.max(
    all.reduce((sum, one) => sum + peopleWithin(one), 0),
    taken.reduce((sum, area) => sum + area.people, 0),
  );
  const act = standing.length > 0 || can.state !== "ready" || off.length > 0 || all.some((visit) => columnOf(visit, now) === "action");
  return (
    <header class="status-line">
      <Brand site={who?.site.name} />
      <p class={`condition ${act ? "condition-check" : "condition-pass"}`} role="status">
        <VerdictShape kind={act ? "check" : "pass"} /> {t(act ? "status.act" : "status.safe")}
      </p>
      <div class="counts">
        <Count name="waiting" value={waiting} label={t("status.waiting")} />
        <Count name="inside" value={within} label={t("status.inside")} more={places} />
        <Count name="badges" value={all.reduce((sum, one) => sum + cardsOut(one), 0)} label={t("status.badges_out")} />
      </div>
      <p class={`health ${off.length || faulty.length || !reported ? "health-off" : ""}`} data-health>
        <i aria-hidden="true" />{" "}
        {!reported
          ? t("device.unknown")
          : off.length
            ? t("device.some_off", { n: off.length })
            : faulty.length
              ? t("device.some_faulty", { n: faulty.length })
              : t("device.all_ok")}
      </p>
      {printer && (
        <p class="health health-off" data-printer title={printer.detail}>
          <i aria-hidden="true" /> {t("printer.off")}
        </p>
      )}
      <p class="clock">
        <b>{clockText(now)}</b> <span>{zoneName()}</span>
      </p>
      <Menu
        name={
          <>
            <span>{who?.user.name}</span> <Icon name="down" />
            <small class={onDuty ? "" : "duty-off"}>{t(onDuty ? "shift.on" : "shift.off")}</small>
          </>
        }
      >
        <MenuAct data-shift-open onAct={() => onShift()}>
          <kbd>F10</kbd> {t("shift.title")}
        </MenuAct>
        <PinMenu />
        <Switches sound />
        <Button kind="quiet" onClick={() => void signOut()}>
          {t("sign_out")}
        </Button>
      </Menu>
    </header>
  );
}
