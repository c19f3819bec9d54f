// SPDX-License-Identifier: Apache-2.0

import { useState } from "preact/hooks";
import { api } from "../api";
import { Button } from "../components/button";
import { Icon } from "../components/icon";
import { Sheet } from "../components/sheet";
import { portals } from "../live";
import { attempt } from "../notes";
import { placeName } from "../sentences";
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
    <Sheet title={t("release.title")} onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <p class="muted">{t("release.lead")}</p>
        <fieldset class="reasons">
          <legend>{t("release.point")}</legend>
          <div class="chips">
            {points.map((one, index) => (
              <Button key={one.id} kind="chip" data-first={index === 0 ? "" : undefined} aria-pressed={point === one.id} onClick={() => setPoint(one.id)}>
                {placeName(one.id)}{" "}
                <small>
                  {coded("area", one.from)} <Icon name="arrow" /> {coded("area", one.to)}
                </small>
              </Button>
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
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button submit kind="primary" disabled={!point || !reason.trim()}>
            {t("release.submit")}
          </Button>
        </footer>
      </form>
    </Sheet>
  );
}
