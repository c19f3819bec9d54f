// SPDX-License-Identifier: Apache-2.0
// After the disk failed: the named officer's act that starts the gateway anew, once there is room again.
import { useState } from "preact/hooks";
import { api, ApiError } from "../api";
import { problemText, tell } from "../notes";
import { session } from "../session";
import { useStore } from "../store";
import { t } from "../words";
import { ReasonSheet } from "./reason_sheet";

function explain(error: unknown): string {
  const full = error instanceof ApiError && error.kind === "storage";
  return full ? `${t("resume.no_room")} (${error.detail})` : problemText(error);
}

export function ResumeButton() {
  const role = useStore(session)?.user.role;
  const [open, setOpen] = useState(false);
  if (role !== "guard" && role !== "admin") return null;
  return (
    <>
      <button type="button" class="banner-act" onClick={() => setOpen(true)}>{t("resume.open")}</button>
      {open && (
        <ReasonSheet
          title={t("resume.title")} lead={t("resume.lead")} submit={t("resume.submit")} explain={explain} onClose={() => setOpen(false)}
          options={[["space_freed", t("resume.reason.space")], ["disk_replaced", t("resume.reason.disk")], ["technician", t("resume.reason.technician")]]}
          act={(reason) => api.resumeGranting(reason).then(() => tell(t("resume.done")))}
        />
      )}
    </>
  );
}
