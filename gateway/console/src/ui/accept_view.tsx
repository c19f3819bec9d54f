// SPDX-License-Identifier: Apache-2.0
// A camera that shows another view than the one it learned: somebody who has looked says that the new one is right, and why.
import { useState } from "preact/hooks";
import { api } from "../api";
import { complain, problemText, tell } from "../notes";
import { t } from "../words";
import { Dialog } from "./dialog";
import { ReasonPicker } from "./reason_picker";

export function AcceptView({ camera }: { camera: string }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <p><button type="button" class="plain" onClick={() => setOpen(true)}>{t("view.open")}</button></p>
      {open && <AcceptSheet camera={camera} onClose={() => setOpen(false)} />}
    </>
  );
}

function AcceptSheet({ camera, onClose }: { camera: string; onClose: () => void }) {
  const [reason, setReason] = useState("");
  async function submit(event: SubmitEvent) {
    event.preventDefault();
    if (!reason.trim()) return;
    try {
      await api.acceptView(camera, reason.trim());
      tell(t("view.done"));
      onClose();
    } catch (error) {
      complain(problemText(error));
    }
  }
  return (
    <Dialog title={t("view.title", { name: camera })} onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <p class="muted">{t("view.lead")}</p>
        <img class="view-now" src={`/api/v1/cameras/${camera}/still.jpg`} alt="" />
        <ReasonPicker
          label={t("reason")} value={reason} onPick={setReason}
          options={[["aimed_anew", t("view.reason.aimed")], ["camera_replaced", t("view.reason.replaced")], ["room_rearranged", t("view.reason.room")]]}
        />
        <footer class="dialog-foot">
          <button type="button" class="plain" onClick={onClose}>{t("cancel")}</button>
          <button type="submit" class="primary" disabled={!reason.trim()}>{t("view.submit")}</button>
        </footer>
      </form>
    </Dialog>
  );
}
