// SPDX-License-Identifier: Apache-2.0
import { useState } from "preact/hooks";
import { api } from "../api";
import { portals } from "../live";
import { attempt } from "../notes";
import { placeName } from "../sentences";
import { Dialog } from "../ui/dialog";
import { ReasonPicker } from "../ui/reason_picker";
import { coded, t } from "../words";

export function ReleaseSheet({ onClose }: { onClose: () => void }) {
  const points = portals.value.flatMap((portal) => portal.points.map((point) => ({ ...point, online: portal.online })));
  const [point, setPoint] = useState("");
  const [reason, setReason] = useState("");
  async function submit(event: SubmitEvent) {
    event.preventDefault();
    if (!point || !reason.trim()) return;
    if (await attempt(() => api.release(point, reason.trim()), t("done.released", { point: placeName(point) }))) onClose();
  }
  return (
    <Dialog title={t("release.title")} onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <p class="muted">{t("release.lead")}</p>
        <fieldset class="reasons">
          <legend>{t("release.point")}</legend>
          <div class="chips">
            {points.map((one, index) => (
              <button
                key={one.id}
                type="button"
                class="chip"
                data-first={index === 0 ? "" : undefined}
                aria-pressed={point === one.id}
                onClick={() => setPoint(one.id)}
              >
                {placeName(one.id)}{" "}
                <small>
                  {coded("area", one.from)} → {coded("area", one.to)}
                </small>
              </button>
            ))}
          </div>
        </fieldset>
        <ReasonPicker
          label={t("reason")}
          value={reason}
          onPick={setReason}
          options={[
            ["escorted", t("release.reason.escort")],
            ["reader_broken", t("release.reason.reader")],
            ["known_staff", t("release.reason.staff")],
            ["emergency", t("release.reason.emergency")],
          ]}
        />
        <footer class="dialog-foot">
          <button type="button" class="plain" onClick={onClose}>
            {t("cancel")}
          </button>
          <button type="submit" class="primary" disabled={!point || !reason.trim()}>
            {t("release.submit")}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
