// SPDX-License-Identifier: Apache-2.0
// After the disk failed, or the gateway found a fault in itself: the named officer's act that starts it again.

import { useState } from "preact/hooks";
import { ApiError, api } from "../api";
import { BannerAct } from "../components/banner";
import { problemText, tell } from "../notes";
import { session } from "../session";
import { t } from "../words";
import { ReasonSheet } from "./reason_sheet";

function explain(error: unknown): string {
  const full = error instanceof ApiError && error.kind === "storage";
  return full ? `${t("resume.no_room")} (${error.detail})` : problemText(error);
}

const reasons = { storage: ["space_freed", "disk_replaced", "technician"], fault: ["admin_told", "updated", "technician"] } as const;

export function ResumeButton({ after }: { after: "storage" | "fault" }) {
  const role = session.value?.user.role;
  const [open, setOpen] = useState(false);
  if (role !== "guard" && role !== "admin") return null;
  return (
    <>
      <BannerAct onClick={() => setOpen(true)}>{t("resume.open")}</BannerAct>
      {open && (
        <ReasonSheet
          title={t("resume.title")}
          lead={t(`resume.lead.${after}`)}
          submit={t("resume.submit")}
          explain={explain}
          onClose={() => setOpen(false)}
          options={reasons[after].map((reason) => [reason, t(`resume.reason.${reason}`)])}
          act={(reason) => api.resumeGranting(reason).then(() => tell(t("resume.done")))}
        />
      )}
    </>
  );
}
