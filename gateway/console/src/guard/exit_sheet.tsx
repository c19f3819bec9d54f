// SPDX-License-Identifier: Apache-2.0
// The end of a visit. The usual way is one key; every other way asks why.

import { useState } from "preact/hooks";
import { api, type Visit } from "../api";
import { Button } from "../components/button";
import { Sheet } from "../components/sheet";
import { learned } from "../live";
import { attempt } from "../notes";
import { ReasonPicker } from "../ui/reason_picker";
import { hasLeft, isInside, turnedDown } from "../visit";
import { t } from "../words";
import { refusalSay } from "./card";
import { DepositList, openDeposits } from "./deposits";

type Outcome = "departed" | "left_early" | "turned_away";

export function ExitSheet({ visit, badgeOut, onClose }: { visit: Visit; badgeOut: boolean; onClose: () => void }) {
  const [without, setWithout] = useState(false);
  const [turning, setTurning] = useState(false);
  const held = openDeposits(visit).length > 0;
  // Of a party not all have been seen to leave, or the guest was not seen to leave at all: a person has to say how they know.
  const gone = visit.where?.outside ?? 0;
  const uncounted = visit.state === "unaccounted" || (visit.party > 1 && gone < visit.party);
  const [keeping, setKeeping] = useState(false);
  const [reason, setReason] = useState("");
  const received = isInside(visit) || hasLeft(visit) || turnedDown(visit) || visit.state === "unaccounted" || badgeOut;
  const usual: Outcome = received ? "departed" : "left_early";

  async function end(outcome: Outcome, why?: string, giveBack = badgeOut && !without) {
    const done = await attempt(async () => {
      if (giveBack) for (const badge of visit.badges.length ? visit.badges : visit.badge ? [visit.badge] : []) await api.returnBadge(badge.id);
      // A guest already outside has departed by giving the badge back: the daemon closes that visit itself.
      const now = giveBack ? await api.visit(visit.id) : visit;
      learned(now.closed ? now : await api.close(visit.id, outcome, why));
    });
    if (done) onClose();
  }

  const asking = without || turning || keeping;
  const why: [string, [string, string][]] = turning
    ? [
        t("exit.turned_reason"),
        [
          ["outside_hours", t("exit.reason.outside_hours")],
          ["no_identity", t("exit.reason.no_identity")],
          ["wrong_place", t("exit.reason.wrong_place")],
          ["behaviour", t("exit.reason.behaviour")],
        ],
      ]
    : without
      ? [
          t("exit.without_reason"),
          [
            ["badge_lost", t("exit.reason.lost")],
            ["badge_kept", t("exit.reason.kept")],
            ["badge_damaged", t("exit.reason.damaged")],
          ],
        ]
      : visit.state === "unaccounted"
        ? [
            t("exit.unaccounted_why"),
            [
              ["seen_leaving", t("exit.reason.seen_leaving")],
              ["called", t("exit.reason.called")],
            ],
          ]
        : [
            t("exit.why_count"),
            [
              ["counted_at_gate", t("exit.reason.counted")],
              ["other_exit", t("exit.reason.other_exit")],
              ["stays", t("exit.reason.stays")],
            ],
          ];
  return (
    <Sheet title={`${t("exit.title")} · ${visit.name}`} onClose={onClose}>
      {held && (
        <div class="exit-held">
          <p>
            <b>{t("deposit.block")}</b>
          </p>
          <DepositList visit={visit} />
        </div>
      )}
      {!asking && turnedDown(visit) && (
        <p class="card-say">
          {t("say.lead")} {refusalSay(visit)}
        </p>
      )}
      {!asking && visit.party > 1 && <p class="muted">{t("exit.count", { all: visit.party })}</p>}
      {!asking && (
        <div class="choices">
          <button
            type="button"
            class="choice choice-pass"
            data-first={held ? undefined : ""}
            data-exit="usual"
            disabled={held}
            onClick={() => (usual === "departed" && uncounted ? setKeeping(true) : void end(usual))}
          >
            <kbd>Enter</kbd>
            <span>
              <b>{t(badgeOut ? "exit.returned" : usual === "departed" ? "exit.no_badge" : "exit.left_early")}</b>
            </span>
          </button>
          {badgeOut && (
            <button type="button" class="choice choice-check" onClick={() => setWithout(true)}>
              <span>
                <b>{t("exit.without")}</b>
                <small>{t("exit.without_reason")}</small>
              </span>
            </button>
          )}
          {!received && (
            <button type="button" class="choice choice-refuse" onClick={() => setTurning(true)}>
              <span>
                <b>{t("exit.turned_away")}</b>
                <small>{t("exit.turned_reason")}</small>
              </span>
            </button>
          )}
        </div>
      )}
      {asking && (
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault();
            if (reason.trim()) void end(turning ? "turned_away" : "departed", reason.trim(), keeping ? badgeOut : false);
          }}
        >
          <ReasonPicker label={why[0]} value={reason} onPick={setReason} options={why[1]} />
          <footer class="dialog-foot">
            <Button
              onClick={() => {
                setWithout(false);
                setTurning(false);
                setKeeping(false);
                setReason("");
              }}
            >
              {t("cancel")}
            </Button>
            <Button submit kind="primary" disabled={!reason.trim()}>
              {t("exit.no_badge")}
            </Button>
          </footer>
        </form>
      )}
    </Sheet>
  );
}
