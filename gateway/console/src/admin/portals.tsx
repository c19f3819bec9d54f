// SPDX-License-Identifier: Apache-2.0
// Commanded, observed and unknown are three things, shown with their age.

import { useState } from "preact/hooks";
import { api, type Portal, type PortalMode } from "../api";
import { Button } from "../components/button";
import { Field } from "../components/field";
import { Icon } from "../components/icon";
import { areas, lostSince, portals, refreshStatus } from "../live";
import { attempt } from "../notes";
import { alarmText } from "../sentences";
import { momentText, stampText } from "../time";
import { coded, type PlainKey, t } from "../words";

const modes: PortalMode[] = ["locked", "unlocked", "blocked", "locked_down", "emergency_open"];
const reasons = ["normal", "event", "repair", "security"];

// Two clicks: the mode, then the reason. Nothing is shown as changed before the daemon said so.
function Mode({ portal }: { portal: Portal }) {
  const [to, setTo] = useState<PortalMode | "">("");
  const word = (mode: string) => coded("admin.mode", mode);
  async function change(reason: string) {
    if (!to) return;
    const done = await attempt(
      async () => {
        await api.setMode(portal.id, to, reason);
        await refreshStatus();
      },
      t("done.mode", { door: portal.name || portal.id, mode: word(to) }),
    );
    if (done) setTo("");
  }
  return (
    <div class="mode">
      <Field label={t("admin.set_mode")}>
        <select key={portal.mode} value={to} data-mode={portal.mode} onChange={(event) => setTo(event.currentTarget.value as PortalMode)}>
          <option value="">{word(portal.mode)}</option>
          {modes
            .filter((one) => one !== portal.mode && !(one === "unlocked" && portal.kind === "turnstile"))
            .map((one) => (
              <option key={one} value={one}>
                {word(one)}
              </option>
            ))}
        </select>
      </Field>
      {to && (
        <div class="revoke-why" role="group" aria-label={t("admin.mode_why", { mode: word(to) })}>
          <span>{t("admin.mode_why", { mode: word(to) })}</span>
          {reasons.map((reason) => (
            <Button key={reason} size="small" data-reason={reason} onClick={() => void change(reason)}>
              {t(`admin.mode.reason.${reason}` as PlainKey)}
            </Button>
          ))}
          <Button kind="quiet" size="small" onClick={() => setTo("")}>
            {t("cancel")}
          </Button>
        </div>
      )}
    </div>
  );
}

function Areas() {
  const all = areas.value.filter((area) => area.id !== "outside");
  if (!all.length) return null;
  return (
    <section class="areas" aria-labelledby="areas-title">
      <h2 id="areas-title">{t("admin.areas")}</h2>
      <dl>
        {all.map((area) => (
          <div key={area.id} data-area={area.id}>
            <dt>{area.name || coded("area", area.id)}</dt>
            <dd>
              <b>{area.people}</b>
              {area.limit !== null && <small>{t("admin.area_limit", { n: area.limit })}</small>}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

export function Portals() {
  const all = portals.value;
  const lost = lostSince.value !== null;
  return (
    <>
      <Areas />
      <div class="device-list">
        {all.map((portal) => (
          <article key={portal.id} class={`device ${portal.online && !lost ? "" : "device-off"}`} data-portal={portal.id}>
            <header>
              <h2>{portal.name || portal.id}</h2>
              <p>
                {coded("kind", portal.kind)} · {coded("admin.mode", portal.mode)}
              </p>
              <p class="device-health">
                <i aria-hidden="true" />
                {t(lost ? "admin.unknown" : portal.online ? "admin.online" : "admin.offline")}{" "}
                <small>{t("admin.age", { n: Math.round(portal.age_ms / 100) / 10 })}</small>
              </p>
            </header>
            {portal.unlocked_until && (
              <p class="device-step" data-schedule="open">
                {t("portal.unlocked_until", { time: stampText(portal.unlocked_until) })}
              </p>
            )}
            {portal.mode === "unlocked" && portal.mode_by === "person" && (
              <p class="device-step" data-schedule="person">
                {t("portal.unlocked_by_person")}
              </p>
            )}
            {portal.unlocks && (
              <p class="muted" data-schedule="next">
                {t("portal.unlocks", { time: momentText(portal.unlocks) })}
              </p>
            )}
            <dl class="stats">
              <div>
                <dt>
                  {t("admin.lock")}, {t("admin.commanded")}
                </dt>
                <dd>{t(portal.lock.commanded ? "admin.lock.on" : "admin.lock.off")}</dd>
              </div>
              <div>
                <dt>
                  {t("admin.lock")}, {t("admin.observed")}
                </dt>
                <dd>{t(`admin.lock.${portal.lock.observed}`)}</dd>
              </div>
              {portal.kind === "door" && (
                <div>
                  <dt>{t("admin.contact")}</dt>
                  <dd>{t(`admin.level.${portal.contact}`)}</dd>
                </div>
              )}
            </dl>
            {portal.alarms.length > 0 && <p class="device-step">{portal.alarms.map(alarmText).join(", ")}</p>}
            <ul class="plain-list points">
              {portal.points.map((point) => (
                <li key={point.id}>
                  <b>{point.id}</b> {coded("area", point.from)} <Icon name="arrow" /> {coded("area", point.to)} <small>{point.reader ?? t("none")}</small>
                </li>
              ))}
            </ul>
            <Mode portal={portal} />
          </article>
        ))}
      </div>
    </>
  );
}
