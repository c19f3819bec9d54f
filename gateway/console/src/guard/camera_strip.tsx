// SPDX-License-Identifier: Apache-2.0
import { useState } from "preact/hooks";
import { devices } from "../live";
import { cameraName } from "../sentences";
import { useStore } from "../store";
import { Dialog } from "../ui/dialog";
import { Still } from "../ui/pictures";
import { t } from "../words";

export function CameraStrip() {
  const cameras = useStore(devices).filter((device) => device.kind === "camera");
  const [large, setLarge] = useState<string | null>(null);
  return (
    <section class="strip" aria-labelledby="strip-title">
      <h2 id="strip-title">{t("cam.title")}</h2>
      <div class="strip-list">
        {cameras.map((camera) => (
          <button key={camera.id} type="button" class="strip-one" title={t("cam.enlarge", { name: cameraName(camera.id) })} onClick={() => setLarge(camera.id)}>
            {camera.online ? <Still camera={camera.id} label="" every_ms={1500} /> : <span class="still still-none">{t("cam.none")}</span>}
            <span class="strip-name">{cameraName(camera.id)}</span>
          </button>
        ))}
      </div>
      {large && (
        <Dialog title={cameraName(large)} class="dialog-wide" onClose={() => setLarge(null)}>
          <Still camera={large} label={cameraName(large)} />
        </Dialog>
      )}
    </section>
  );
}
