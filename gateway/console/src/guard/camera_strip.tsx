// SPDX-License-Identifier: Apache-2.0
// Stills when nothing happens; live for some seconds where something did, and when one is enlarged.

import { useState } from "preact/hooks";
import type { Device, Entry } from "../api";
import { Icon } from "../components/icon";
import { Sheet } from "../components/sheet";
import { devices, feed } from "../live";
import { cameraName } from "../sentences";
import { clockText, useNow } from "../time";
import { Clip, Live } from "../ui/live";
import { Still } from "../ui/pictures";
import { coded, t } from "../words";

const live_after_event_ms = 8000;
const clips_offered = 3;

const isOf = (entry: Entry, camera: string, type: string) => entry.type === type && entry.data.camera === camera;

function Picture({ camera, busy }: { camera: Device; busy: boolean }) {
  if (!camera.online) return <span class="still still-none">{camera.fault ? coded("fault", camera.fault) : t("cam.none")}</span>;
  return busy ? <Live camera={camera.id} label="" /> : <Still camera={camera.id} label="" every_ms={1500} />;
}

function Enlarged({ camera, clips, onClose }: { camera: string; clips: Entry[]; onClose: () => void }) {
  const [clip, setClip] = useState<string | null>(null);
  return (
    <Sheet title={cameraName(camera)} class="dialog-wide" onClose={onClose}>
      {clip ? <Clip hash={clip} /> : <Live camera={camera} label={cameraName(camera)} />}
      {clips.length > 0 && (
        <p class="clip-list">
          {clips.map((entry) => (
            <button key={entry.number} type="button" aria-pressed={clip === entry.data.hash} onClick={() => setClip(String(entry.data.hash))}>
              <Icon name="play" /> {clockText(entry.time)}
            </button>
          ))}
          {clip && (
            <button type="button" onClick={() => setClip(null)}>
              {t("cam.live")}
            </button>
          )}
        </p>
      )}
    </Sheet>
  );
}

export function CameraStrip() {
  const cameras = devices.value.filter((device) => device.kind === "camera");
  const entries = feed.value;
  const now = useNow();
  const [large, setLarge] = useState<string | null>(null);
  const isBusy = (camera: string) => {
    const last = entries.find((entry) => isOf(entry, camera, "picture_kept"));
    return !!last && now - Date.parse(last.time) < live_after_event_ms;
  };
  return (
    <section class="strip" aria-labelledby="strip-title">
      <h2 id="strip-title">{t("cam.title")}</h2>
      <div class="strip-list">
        {cameras.map((camera) => (
          <button key={camera.id} type="button" class="strip-one" title={t("cam.enlarge", { name: cameraName(camera.id) })} onClick={() => setLarge(camera.id)}>
            <Picture camera={camera} busy={!large && isBusy(camera.id)} />
            <span class="strip-name">{cameraName(camera.id)}</span>
            {camera.online && camera.fault && <span class="strip-fault">! {coded("fault", camera.fault)}</span>}
          </button>
        ))}
      </div>
      {large && (
        <Enlarged camera={large} clips={entries.filter((entry) => isOf(entry, large, "clip_kept")).slice(0, clips_offered)} onClose={() => setLarge(null)} />
      )}
    </section>
  );
}
