// SPDX-License-Identifier: Apache-2.0
// The end of a visit. The usual way is one key; every other way asks why.
import { useState } from "preact/hooks";
import { api, type Visit } from "../api";
import { learned } from "../live";
import { attempt } from "../notes";
import { Dialog } from "../ui/dialog";
import { ReasonPicker } from "../ui/frame";
import { hasLeft, isInside } from "../visit";
import { t } from "../words";

type Outcome = "departed" | "left_early" | "turned_away";

export function ExitSheet({ visit, badgeOut, onClose }: { visit: Visit; badgeOut: boolean; onClose: () => void }) {
  const [without, setWithout] = useState(false);
  const [turning, setTurning] = useState(false);
  const [reason, setReason] = useState("");
  const received = isInside(visit) || hasLeft(visit) || visit.state === "declined" || visit.state === "unaccounted" || badgeOut;
  const usual: Outcome = received ? "departed" : "left_early";

  async function end(outcome: Outcome, why?: string, giveBack = badgeOut && !without) {
    const done = await attempt(async () => {
      if (giveBack && visit.badge) await api.returnBadge(visit.badge.id);
      // A guest already outside has departed by giving the badge back: the daemon closes that visit itself.
      const now = giveBack ? await api.visit(visit.id) : visit;
      learned(now.closed ? now : await api.close(visit.id, outcome, why));
    }, t("done.closed", { name: visit.name }));
    if (done) onClose();
  }

  const asking = without || turning;
  return (
    <Dialog title={`${t("exit.title")} · ${visit.name}`} onClose={onClose}>
      {!asking && (
        <div class="choices">
          <button type="button" class="choice choice-pass" data-first="" data-exit="usual" onClick={() => void end(usual)}>
            <kbd>Enter</kbd>
            <span><b>{t(badgeOut ? "exit.returned" : usual === "departed" ? "exit.no_badge" : "exit.left_early")}</b></span>
          </button>
          {badgeOut && (
            <button type="button" class="choice choice-check" onClick={() => setWithout(true)}>
              <span><b>{t("exit.without")}</b><small>{t("exit.without_reason")}</small></span>
            </button>
          )}
          {!received && (
            <button type="button" class="choice choice-refuse" onClick={() => setTurning(true)}>
              <span><b>{t("exit.turned_away")}</b><small>{t("exit.turned_reason")}</small></span>
            </button>
          )}
        </div>
      )}
      {asking && (
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault();
            if (reason.trim()) void end(turning ? "turned_away" : "departed", reason.trim(), false);
          }}
        >
          <ReasonPicker
            label={t(turning ? "exit.turned_reason" : "exit.without_reason")}
            value={reason}
            onPick={setReason}
            options={turning
              ? [["outside_hours", t("exit.reason.outside_hours")], ["no_identity", t("exit.reason.no_identity")],
                 ["wrong_place", t("exit.reason.wrong_place")], ["behaviour", t("exit.reason.behaviour")]]
              : [["badge_lost", t("exit.reason.lost")], ["badge_kept", t("exit.reason.kept")], ["badge_damaged", t("exit.reason.damaged")]]}
          />
          <footer class="dialog-foot">
            <button type="button" class="plain" onClick={() => { setWithout(false); setTurning(false); setReason(""); }}>{t("cancel")}</button>
            <button type="submit" class="primary" disabled={!reason.trim()}>{t("exit.no_badge")}</button>
          </footer>
        </form>
      )}
    </Dialog>
  );
}
