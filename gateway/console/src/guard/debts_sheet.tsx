// SPDX-License-Identifier: Apache-2.0
// Guests who were let in at once: the debt stays in sight until each form is complete.

import { useEffect, useState } from "preact/hooks";
import { api, type Listed, type Visit } from "../api";
import { Button } from "../components/button";
import { Sheet } from "../components/sheet";
import { visits } from "../live";
import { stampText } from "../time";
import { More } from "../ui/more";
import { t } from "../words";

export function DebtsSheet({ onComplete, onClose }: { onComplete: (visit: Visit) => void; onClose: () => void }) {
  const [list, setList] = useState<Listed<Visit> | null>(null);
  const open = visits.value;
  useEffect(() => void api.debts().then(setList, () => setList({ rows: [], total: 0 })), [open]);
  return (
    <Sheet title={t("debts.title")} onClose={onClose}>
      <ul class="debts">
        {(list?.rows ?? []).map((visit, index) => (
          <li key={visit.id} data-debt={visit.id}>
            <p>
              <b>{visit.name}</b>{" "}
              <small>
                {t("card.since", { time: stampText(visit.arrived) })} · {t(`state.${visit.state}`)}
              </small>
            </p>
            <Button data-first={index === 0 ? "" : undefined} onClick={() => onComplete(visit)}>
              {t("act.complete")}
            </Button>
          </li>
        ))}
      </ul>
      {list && <More n={list.total - list.rows.length} />}
      {list?.rows.length === 0 && <p class="muted">{t("debts.none")}</p>}
    </Sheet>
  );
}
