// SPDX-License-Identifier: Apache-2.0
// The badge just made: its code, the page to print, and the question a printer can't answer: did it come out?
import { useState } from "preact/hooks";
import { api, type Category, type IssuedBadge, type Visit } from "../api";
import { attempt } from "../notes";
import { endText } from "../time";
import { Dialog } from "../ui/dialog";
import { ReasonPicker } from "../ui/frame";
import { t } from "../words";

interface Props {
  issued?: IssuedBadge; // absent: a new badge for a visit that has had one, which needs a reason first
  visit?: Visit;
  category: Category;
  onClose: () => void;
  onReissued: (issued: IssuedBadge) => void;
}

export function BadgeSheet({ issued, visit, category, onClose, onReissued }: Props) {
  const [again, setAgain] = useState(!issued);
  const [reason, setReason] = useState("");
  const [gone, setGone] = useState(false);
  const name = issued?.badge.name ?? visit?.name ?? "";
  const visitId = issued?.badge.visit ?? visit?.id ?? "";

  async function reissue(event: SubmitEvent) {
    event.preventDefault();
    if (!reason.trim()) return;
    await attempt(async () => {
      const next = await api.issueBadge(visitId, reason.trim());
      setAgain(false);
      setReason("");
      setGone(false);
      onReissued(next);
    });
  }

  return (
    <Dialog title={t("badge.title", { name })} onClose={onClose} class="dialog-badge">
      {again ? (
        <form class="stack" onSubmit={reissue}>
          <ReasonPicker
            label={t("badge.reprint_reason")} value={reason} onPick={setReason}
            options={[["not_printed", t("badge.reason.not_printed")], ["damaged", t("badge.reason.damaged")], ["lost", t("badge.reason.lost")]]}
          />
          <p class="muted">{t("badge.kills_old")}</p>
          <footer class="dialog-foot">
            <button type="button" class="plain" onClick={() => (issued ? setAgain(false) : onClose())}>{t("cancel")}</button>
            <button type="submit" class="primary" disabled={!reason.trim()}>{t("act.rebadge")}</button>
          </footer>
        </form>
      ) : issued && (
        <div class="badge-made">
          <div class={`badge-face badge-face-${category}`}>
            <p class="category">{t(`category.${category}`)}</p>
            {gone ? <p class="still-none badge-qr">{t("badge.qr_gone")}</p>
              : <img class="badge-qr" src={issued.qr} alt={t("badge.qr")} onError={() => setGone(true)} />}
            <p class="badge-until">{t("badge.valid_until", { time: endText(issued.badge.valid_until) })}</p>
          </div>
          <div class="stack">
            <p class="muted">{t("badge.no_data")}</p>
            <button type="button" class="primary big" data-first="" onClick={() => window.open(issued.page, "_blank", "noopener")}>{t("badge.print")}</button>
            <p class="hint">{t("badge.printed_hint")}</p>
            <button type="button" class="plain big" onClick={onClose}>{t("badge.printed")}</button>
            <button type="button" class="quiet" onClick={() => setAgain(true)}>{t("badge.reprint")}</button>
          </div>
        </div>
      )}
    </Dialog>
  );
}
