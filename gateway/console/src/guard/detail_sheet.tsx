// SPDX-License-Identifier: Apache-2.0
// Everything about one visit, with its events as sentences.

import { useEffect, useState } from "preact/hooks";
import { api, type FullVisit, type Visit } from "../api";
import { Button } from "../components/button";
import { Sheet } from "../components/sheet";
import { devices, feed, learned } from "../live";
import { attempt, problemText } from "../notes";
import { sentenceOf } from "../sentences";
import { nextLine } from "../sops";
import { stampText } from "../time";
import { BadgeActions } from "../ui/badge_actions";
import { type Exception, exceptionText, isOverLimit } from "../ui/exceptions";
import { PortraitFigure, WaitingStill } from "../ui/pictures";
import { PreviousVisits } from "../ui/previous_visits";
import { VisitFacts, VisitHistory } from "../ui/visit_facts";
import { canUndo, undoEntry } from "../undo";
import { type Act, accepted, actKey, canEscort, canHaveCard, isAsked, isPlanned, lacksBadges } from "../visit";
import { t } from "../words";
import { DepositForm, DepositList } from "./deposits";

interface Props {
  id: string;
  primary: Act | null;
  onClose: () => void;
  onAct: (act: Act, visit: Visit) => void;
  onWithdraw: (visit: Visit) => void;
  onException: (kind: Exception, visit: Visit) => void;
  onStock: (visit: Visit) => void;
}

function exceptionsOf(visit: Visit): Exception[] {
  if (isPlanned(visit)) return ["cancel"];
  return ["deviate", ...(visit.badges.length ? ["forgive" as const] : []), ...(isOverLimit(visit) && accepted(visit) ? ["permit" as const] : [])];
}

export function DetailSheet({ id, primary, onClose, onAct, onWithdraw, onException, onStock }: Props) {
  const [visit, setVisit] = useState<FullVisit | null>(null);
  const [failed, setFailed] = useState("");
  const [adding, setAdding] = useState(false);
  const recent = feed.value;
  const newest = recent.find((entry) => entry.visit === id)?.number;
  const camera = devices.value.find((one) => one.kind === "camera" && one.online && /lobby|lobi|pos|wait/.test(one.id));
  useEffect(() => {
    api.visit(id).then(setVisit, (error: unknown) => setFailed(problemText(error)));
  }, [id, newest]);
  // Of another day: not for a guard.
  if (!visit)
    return (
      <Sheet title={t("detail.visit")} onClose={onClose}>
        <p class="muted" role="status">
          {failed || t("app.loading")}
        </p>
      </Sheet>
    );
  const undoable = visit.events.filter((entry) => canUndo(entry, recent)).pop();
  return (
    <Sheet title={visit.name} class="dialog-wide" onClose={onClose}>
      <div class="detail">
        <div class="detail-pictures">
          <PortraitFigure visit={visit} />
          <WaitingStill visit={visit} caption={visit.asked ? `${t("detail.waiting_still")}, ${stampText(visit.asked)}` : undefined} />
          {camera && !visit.closed && (
            <Button
              onClick={() =>
                void attempt(async () => {
                  const made = await api.takePicture(camera.id);
                  await api.setPortrait(id, made.hash);
                }, t("done.portrait"))
              }
            >
              {t("detail.take_portrait")}
            </Button>
          )}
        </div>
        <div class="detail-facts">
          <p class={`category category-${visit.category}`}>{t(`category.${visit.category}`)}</p>
          <p class="detail-purpose">
            {visit.purpose}{" "}
            <span>
              {t("card.for")} {visit.whom}
            </span>
          </p>
          <p class="muted">{visit.institution}</p>
          <VisitFacts visit={visit} />
          {visit.next && (
            <p class="detail-next">
              <b>{t("detail.next")}</b> {nextLine(visit.next)}
            </p>
          )}
          {visit.members && (
            <p class="detail-members">
              <b>{t("detail.members")}</b> {visit.members.split("\n").join(", ")}
            </p>
          )}
          {visit.badges.map((badge) => (
            <div key={badge.id} class="detail-badge" data-badge={badge.state}>
              <span>
                {t("detail.badge")} <span class="code">{badge.code}</span> {t(`badge.${badge.state}`)}
                {badge.print !== "none" && ` · ${t(`print.${badge.print}`)}`}
              </span>
              <BadgeActions badge={badge} few onDone={async () => learned(await api.visit(id))} />
            </div>
          ))}
          {visit.badge?.state === "lost" && !visit.badges.length && (
            <div class="detail-badge" data-badge="lost">
              <span>
                {t("detail.badge")} <span class="code">{visit.badge.id.slice(0, 8)}</span> {t("badge.lost")}
              </span>
              <BadgeActions badge={visit.badge} few onDone={async () => learned(await api.visit(id))} />
            </div>
          )}
          {(visit.deposits.length > 0 || adding) && <h3>{t("deposit.title")}</h3>}
          {visit.deposits.length > 0 && <DepositList visit={visit} />}
          {adding && <DepositForm visit={visit} label={t("deposit.add")} onDone={() => setAdding(false)} />}
          {!visit.closed && (
            <p class="exceptions" role="group" aria-label={t("except.title")}>
              <b>{t("except.title")}</b>
              {exceptionsOf(visit).map((one) => (
                <Button key={one} size="small" data-exception={one} onClick={() => onException(one, visit)}>
                  {exceptionText(one)}
                </Button>
              ))}
            </p>
          )}
          <h3>{t("detail.previous")}</h3>
          {visit.previous.length === 0 ? <p class="muted">{t("detail.no_previous")}</p> : <PreviousVisits visit={visit} />}
          <VisitHistory visit={visit} />
        </div>
      </div>
      {!visit.closed && (
        <footer class="dialog-foot">
          {undoable && (
            <Button kind="quiet" data-undo title={t("undo.can")} onClick={() => void undoEntry(undoable)}>
              <kbd>Ctrl Z</kbd> {t("undo.act")}: {sentenceOf(undoable)}
            </Button>
          )}
          {!adding && visit.state !== "planned" && <Button onClick={() => setAdding(true)}>{t("deposit.title")}</Button>}
          {(isAsked(visit) || visit.approval === "held") && <Button onClick={() => onWithdraw(visit)}>{t("withdraw.act")}</Button>}
          {canHaveCard(visit) && (
            <Button data-stock onClick={() => onStock(visit)}>
              <kbd>⇧F4</kbd> {t("card.give")}
            </Button>
          )}
          {visit.in_debt && primary !== "complete" && <Button onClick={() => onAct("complete", visit)}>{t("act.complete")}</Button>}
          {canEscort(visit) && primary !== "escort" && (
            <Button onClick={() => onAct("escort", visit)}>
              <kbd>F7</kbd> {t("escort.title")}
            </Button>
          )}
          {visit.state === "in_meeting" &&
            (["finish", "away"] as const)
              .filter((one) => one !== primary)
              .map((one) => (
                <Button key={one} data-move={one} onClick={() => onAct(one, visit)}>
                  {t(`act.${one}`)}
                </Button>
              ))}
          {isAsked(visit) && primary !== "verbal" && (
            <Button onClick={() => onAct("verbal", visit)}>
              <kbd>F8</kbd> {t("act.verbal")}
            </Button>
          )}
          {visit.badge && primary !== "rebadge" && (
            <Button onClick={() => onAct("rebadge", visit)}>{t(lacksBadges(visit) ? "badge.next" : "act.rebadge")}</Button>
          )}
          {primary !== "exit" && primary !== "leave" && visit.state !== "planned" && <Button onClick={() => onAct("exit", visit)}>{t("exit.title")}</Button>}
          {primary && (
            <Button kind="primary" data-first="" onClick={() => onAct(primary, visit)}>
              {actKey[primary] && <kbd>{actKey[primary]}</kbd>} {t(`act.${primary}`)}
            </Button>
          )}
        </footer>
      )}
    </Sheet>
  );
}
