// SPDX-License-Identifier: Apache-2.0
// F7 on a guest on the way in: who goes along. One guard who escorts leaves the post empty, and the sheet says so first.

import { useState } from "preact/hooks";
import { api, type EscortState, type EscortStep, type Visit } from "../api";
import { Button } from "../components/button";
import { Sheet } from "../components/sheet";
import { hosts, learned, refreshPost, shift } from "../live";
import { attempt } from "../notes";
import { t } from "../words";

const ways: Record<EscortState, EscortStep[]> = {
  none: ["started", "requested"],
  requested: ["started"],
  started: ["handed_over", "at_door", "returned"],
  at_door: ["handed_over", "returned"],
  handed_over: ["returned", "started"],
  returned: ["started", "requested"],
};

export async function moveEscort(visit: Visit, to: EscortStep, host = "") {
  return attempt(
    async () => {
      learned(await api.escort(visit.id, to, host));
      await refreshPost().catch(() => {}); // an escort can empty the post
    },
    t("done.move", { name: visit.name, what: t(`escort.${to}`) }),
  );
}

export function EscortSheet({ visit, onExit, onClose }: { visit: Visit; onExit: () => void; onClose: () => void }) {
  const duty = shift.value;
  const [host, setHost] = useState("");
  const escorts = hosts.value.filter((one) => one.escorts);
  const alone = duty !== null && duty.guards.length <= 1 && !host;
  return (
    <Sheet title={`${t("escort.title")} · ${visit.name}`} onClose={onClose}>
      <p class="muted">
        {t(`escort.${visit.escort}`)}
        {visit.escorted_by ? ` · ${t("escort.by", { name: visit.escorted_by })}` : ""}
      </p>
      {escorts.length > 0 && ways[visit.escort].includes("started") && (
        <div class="chips" role="group" aria-label={t("escort.host")}>
          <span class="muted">{t("escort.host")}</span>
          {[{ id: "", name: t("escort.me") }, ...escorts].map((one) => (
            <Button key={one.id} kind="chip" data-host={one.id} aria-pressed={host === one.id} onClick={() => setHost(one.id)}>
              {one.name}
            </Button>
          ))}
        </div>
      )}
      <div class="choices">
        {ways[visit.escort].map((to, index) => (
          <button
            key={to}
            type="button"
            class={`choice ${index === 0 ? "choice-pass" : ""}`}
            data-first={index === 0 ? "" : undefined}
            data-escort={to}
            onClick={() => {
              onClose();
              void moveEscort(visit, to, /^(started|requested)$/.test(to) ? host : "");
            }}
          >
            {index === 0 && <kbd>Enter</kbd>}
            <span>
              <b>{t(`escort.to.${to}`)}</b>
              <small>{to === "started" && alone ? t("escort.alone") : t(`escort.to.${to}_hint`)}</small>
            </span>
          </button>
        ))}
        <Button kind="quiet" onClick={onExit}>
          {t("escort.exit")}
        </Button>
      </div>
    </Sheet>
  );
}
