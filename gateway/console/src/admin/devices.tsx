// SPDX-License-Identifier: Apache-2.0
import { devices, lostSince } from "../live";
import { dayText, stampText } from "../time";
import { AcceptView } from "../ui/accept_view";
import { chatters, isOff, manualStep } from "../ui/frame";
import { coded, numberText, t } from "../words";

const number = (value: number) => numberText(value, value < 10 ? 2 : 1);
// The daemon's names carry their unit: order_ms_p99 → "order p99", "ms".
function named(key: string, value: number): [string, string] {
  const unit = /_(ms|us|s|bytes|pct)(?=_|$)/.exec(key)?.[1] ?? "";
  const name = unit ? key.replace(`_${unit}`, "") : key;
  return [coded("stat", name).replace(/_/g, " "), `${number(value)}${unit ? ` ${unit}` : ""}`];
}

export function Devices() {
  const all = devices.value;
  const lost = lostSince.value !== null;
  return (
    <div class="device-list">
      {all.map((device) => (
        <article key={device.id} class={`device ${isOff(device) || lost ? "device-off" : ""}`} data-device={device.id}>
          <header>
            <h2>{device.id}</h2>
            <p>{coded("kind", device.kind)}</p>
            <p class="device-health">
              <i aria-hidden="true" />
              {t(lost ? "admin.unknown" : device.online ? "admin.online" : "admin.offline")}{" "}
              <small>
                {dayText(device.since)} {stampText(device.since)}
              </small>
            </p>
          </header>
          {chatters(device) && (
            <p class="device-fault" data-chatters>
              ! {t("device.chatters", { name: device.id, n: device.outages })}
            </p>
          )}
          {device.fault && <p class="device-fault">! {coded("fault", device.fault)}</p>}
          {device.online && device.fault === "moved" && <AcceptView camera={device.id} />}
          {!device.online && device.detail && <p class="device-detail">{device.detail}</p>}
          {!device.online && <p class="device-step">{manualStep(device.kind)}</p>}
          <dl class="stats">
            {Object.entries(device.stats ?? {}).map(([key, value]) => {
              const [name, text] = named(key, value);
              return (
                <div key={key}>
                  <dt>{name}</dt>
                  <dd>{text}</dd>
                </div>
              );
            })}
          </dl>
        </article>
      ))}
    </div>
  );
}
