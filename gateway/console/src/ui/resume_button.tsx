// SPDX-License-Identifier: Apache-2.0
// After the disk failed: the named officer's act that starts the gateway anew, once there is room again.
import { useState } from "preact/hooks";
import { api, ApiError } from "../api";
import { complain, problemText, tell } from "../notes";
import { session } from "../session";
import { useStore } from "../store";
import { Dialog } from "./dialog";
import { ReasonPicker } from "./reason_picker";
import { t } from "../words";

export function ResumeButton() {
  const role = useStore(session)?.user.role;
  const [open, setOpen] = useState(false);
  if (role !== "guard" && role !== "admin") return null;
  return (
    <>
      <button type="button" class="banner-act" onClick={() => setOpen(true)}>{t("resume.open")}</button>
      {open && <ResumeSheet onClose={() => setOpen(false)} />}
    </>
  );
}

function ResumeSheet({ onClose }: { onClose: () => void }) {
  const [reason, setReason] = useState("");
  async function submit(event: SubmitEvent) {
    event.preventDefault();
    if (!reason.trim()) return;
    try {
      await api.resumeGranting(reason.trim());
      tell(t("resume.done"));
      onClose();
    } catch (error) {
      const full = error instanceof ApiError && error.kind === "storage";
      complain(full ? `${t("resume.no_room")} (${error.detail})` : problemText(error));
    }
  }
  return (
    <Dialog title={t("resume.title")} onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <p class="muted">{t("resume.lead")}</p>
        <ReasonPicker
          label={t("reason")} value={reason} onPick={setReason}
          options={[["space_freed", t("resume.reason.space")], ["disk_replaced", t("resume.reason.disk")], ["technician", t("resume.reason.technician")]]}
        />
        <footer class="dialog-foot">
          <button type="button" class="plain" onClick={onClose}>{t("cancel")}</button>
          <button type="submit" class="primary" disabled={!reason.trim()}>{t("resume.submit")}</button>
        </footer>
      </form>
    </Dialog>
  );
}
