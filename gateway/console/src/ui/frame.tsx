// SPDX-License-Identifier: Apache-2.0
// What all screens share: switches, notes, the banners of a degraded post.

import { useState } from "preact/hooks";
import { Banner } from "../components/banner";
import { Button } from "../components/button";
import { devices, lostSince, status, stopKind } from "../live";
import { cameraName } from "../sentences";
import { session } from "../session";
import type { Device } from "../shapes";
import { stampText } from "../time";
import { setSound, soundOn } from "../tones";
import { coded, has, nextLanguage, recall, remember, setLanguage, t } from "../words";
import { ResumeButton } from "./resume_button";

export function applyTheme() {
  const wanted = recall("gapura.theme");
  const night = wanted ? wanted === "night" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = night ? "night" : "light";
  return night;
}

export function Switches({ sound = false }: { sound?: boolean }) {
  const [night, setNight] = useState(document.documentElement.dataset.theme === "night");
  const next = nextLanguage();
  const heard = soundOn.value;
  return (
    <div class="switches">
      {sound && (
        <Button kind="quiet" aria-pressed={heard} onClick={() => setSound(!heard)}>
          {t(heard ? "sound.on" : "sound.off")}
        </Button>
      )}
      <Button
        kind="quiet"
        aria-pressed={night}
        onClick={() => {
          remember("gapura.theme", night ? "light" : "night");
          setNight(applyTheme());
        }}
      >
        {t(night ? "night.off" : "night.on")}
      </Button>
      <Button kind="quiet" lang={next.tag} title={t("language.switch", { name: next.name })} onClick={() => void setLanguage(next.tag)}>
        {next.name}
      </Button>
    </div>
  );
}

export function manualStep(kind: string): string {
  const key = `device.${kind}.step`;
  return has(key) ? t(key) : t("device.other.step");
}

// A device that chatters is of no use either, and its banner must not appear and disappear with it.
export const chatters = (device: Device) => device.outages >= 3;
export const isOff = (device: Device) => !device.online || chatters(device);

// Devices of a kind share one banner, so that none is left out and the board keeps its room; doors come first.
const kinds = ["controller", "camera", "detector"];

// Every degradation with the step a person takes instead.
export function Banners({ manual = false }: { manual?: boolean }) {
  const lost = lostSince.value;
  const now = status.value;
  const stopped = now?.granting === false && now.why_not.length > 0 ? stopKind(now.why_not[0]) : null;
  const off = devices.value.filter(isOff);
  const role = session.value?.user.role ?? "guard";
  return (
    <div class="banners" role="alert">
      {lost !== null && (
        <Banner kind="check" data-banner="lost">
          <strong>{t(`lost.banner.${role}`)}</strong> <span>{t("lost.since", { time: stampText(lost) })}</span>
        </Banner>
      )}
      {now && !now.granting && (
        <Banner kind="refuse">
          <strong>{t("granting.banner")}</strong>{" "}
          {now.why_not.map((why) => (
            <span key={why}>
              {t(`granting.${stopKind(why)}`)} <small lang="en">{why}</small>
            </span>
          ))}
          {stopped && stopped !== "starting" && (
            <span>
              {t(`granting.${stopped}_act`)} <ResumeButton after={stopped} />
            </span>
          )}
          {manual && <span class="banner-step">{t("granting.step")}</span>}
        </Banner>
      )}
      {now && now.clock === "suspect" && <Banner kind="check">{t("clock.suspect")}</Banner>}
      {manual &&
        [...new Set([...kinds, ...off.map((device) => device.kind)])].map((kind) => {
          const those = off.filter((device) => device.kind === kind);
          return (
            those.length > 0 && (
              <Banner key={kind} kind="check">
                <strong>
                  {t("device.offline", {
                    name: `${coded("kind", kind)} ${those.map((device) => (kind === "camera" ? cameraName(device.id) : device.id)).join(", ")}`,
                  })}
                  .
                </strong>{" "}
                <span>{manualStep(kind)}</span>
                {those.filter(chatters).map((device) => (
                  <small key={device.id} class="banner-detail">
                    {t("device.chatters", { name: kind === "camera" ? cameraName(device.id) : device.id, n: device.outages })}
                  </small>
                ))}
                {those.length === 1 &&
                  (those[0].fault ? (
                    <small class="banner-detail">{coded("fault", those[0].fault)}</small>
                  ) : (
                    those[0].detail && (
                      <small class="banner-detail" lang="en">
                        {those[0].detail}
                      </small>
                    )
                  ))}
              </Banner>
            )
          );
        })}
    </div>
  );
}
