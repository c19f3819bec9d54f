// SPDX-License-Identifier: Apache-2.0
// A card that was revoked, suspended or reported lost while its guest is here. It is kept first, with why it was stopped and
// by whom; then the way out, or a new card with a reason.

import { useEffect, useRef, useState } from "preact/hooks";
import { api, type Entry, type Visit } from "../api";
import { Sheet } from "../components/sheet";
import { learned } from "../live";
import { attempt } from "../notes";
import { momentText } from "../time";
import { stoppedCard } from "../visit";
import { coded, has, t } from "../words";

interface Props {
  visit: Visit;
  onExit: () => void;
  onRebadge: () => void;
  onClose: () => void;
}

// The entry that stopped it: who, when, and the reason in their words.
function stopOf(events: Entry[], badge: string): Entry | undefined {
  return events
    .filter(
      (entry) =>
        entry.badge === badge && (entry.type === "badge_revoked" || (entry.type === "badge_changed" && /^(suspended|lost)$/.test(String(entry.data.to)))),
    )
    .pop();
}
function whyText(code: string): string {
  for (const prefix of ["admin.revoke", "badge.change", "exit.reason"]) if (has(`${prefix}.${code}`)) return coded(prefix, code);
  return code;
}

export function StoppedCardSheet({ visit, onExit, onRebadge, onClose }: Props) {
  const badge = stoppedCard(visit);
  const [stop, setStop] = useState<Entry | undefined>();
  useEffect(() => {
    let alive = true;
    if (badge)
      api.visit(visit.id).then(
        (full) => alive && setStop(stopOf(full.events, badge.id)),
        () => {},
      );
    return () => {
      alive = false;
    };
  }, [visit.id, badge?.id]);
  const kept = badge === undefined || badge.state === "returned" || badge.state === "quarantine";
  const why = stop?.note || badge?.reason || "";
  // The button that was pressed is gone: the focus moves to the next act.
  const out = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (kept) out.current?.focus();
  }, [kept]);
  async function keep() {
    if (!badge) return;
    await attempt(async () => {
      // A card that was reported lost is found; any other one is returned.
      if (badge.state === "lost") await api.changeBadge(badge.id, "quarantine", "checked");
      else await api.returnBadge(badge.id);
      learned(await api.visit(visit.id));
    }, t("stopped.kept"));
  }
  return (
    <Sheet title={`${t("stopped.title")} · ${visit.name}`} onClose={onClose}>
      <div class="stack" data-stopped={badge?.state ?? "kept"}>
        {stop && (
          <p class="notice notice-check">
            {t("stopped.by", {
              what: coded("badge", stop.type === "badge_revoked" ? "revoked" : String(stop.data.to)),
              name: stop.actor,
              time: momentText(stop.time),
            })}
            {why && <> {t("stopped.why", { why: whyText(why) })}</>}
          </p>
        )}
        <p class="card-say">
          {t("say.lead")} {t(badge?.state === "lost" ? "say.lost" : "say.revoked")}
        </p>
        <div class="choices">
          {!kept && (
            <button type="button" class="choice choice-check" data-first="" data-keep onClick={() => void keep()}>
              <span>
                <b>{t(badge?.state === "lost" ? "stopped.found" : "stopped.keep")}</b>
                <small>{t("stopped.keep_hint")}</small>
              </span>
            </button>
          )}
          <button ref={out} type="button" class={`choice ${kept ? "choice-pass" : ""}`} data-leave onClick={onExit}>
            <span>
              <b>{t("act.leave")}</b>
              <small>{t("stopped.exit_hint")}</small>
            </span>
          </button>
          <button type="button" class="choice" data-rebadge onClick={onRebadge}>
            <span>
              <b>{t("act.rebadge")}</b>
              <small>{t("stopped.rebadge_hint")}</small>
            </span>
          </button>
        </div>
      </div>
    </Sheet>
  );
}
