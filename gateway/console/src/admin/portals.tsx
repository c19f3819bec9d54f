// SPDX-License-Identifier: Apache-2.0
// Commanded, observed and unknown are three things, shown with their age.
import { portals } from "../live";
import { alarmText } from "../sentences";
import { useStore } from "../store";
import { coded, t, type WordKey } from "../words";

export function Portals() {
  const all = useStore(portals);
  const commanded = (value: boolean | string) => (value === true || value === "on" ? "on" : value === false || value === "off" ? "off" : "unknown");
  return (
    <div class="device-list">
      {all.map((portal) => (
        <article key={portal.id} class={`device ${portal.online ? "" : "device-off"}`} data-portal={portal.id}>
          <header>
            <h2>{portal.name || portal.id}</h2>
            <p>{coded("kind", portal.kind)} · {coded("admin.mode", portal.mode)}</p>
            <p class="device-health"><i aria-hidden="true" />{t(portal.online ? "admin.online" : "admin.offline")} <small>{t("admin.age", { n: (portal.age_ms / 1000).toFixed(1) })}</small></p>
          </header>
          <dl class="stats">
            <div><dt>{t("admin.lock")}, {t("admin.commanded")}</dt><dd>{t(`admin.lock.${commanded(portal.lock.commanded)}` as WordKey)}</dd></div>
            <div><dt>{t("admin.lock")}, {t("admin.observed")}</dt><dd>{t(`admin.lock.${portal.lock.observed}` as WordKey)}</dd></div>
            {portal.kind === "door" && <div><dt>{t("admin.contact")}</dt><dd>{t(`admin.level.${portal.contact}` as WordKey)}</dd></div>}
          </dl>
          {portal.alarms.length > 0 && <p class="device-step">{portal.alarms.map(alarmText).join(", ")}</p>}
          <ul class="plain-list points">
            {portal.points.map((point) => <li key={point.id}><b>{point.id}</b> {coded("area", point.from)} → {coded("area", point.to)} <small>{point.reader ?? t("none")}</small></li>)}
          </ul>
        </article>
      ))}
    </div>
  );
}
