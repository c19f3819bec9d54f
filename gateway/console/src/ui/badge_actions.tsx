// SPDX-License-Identifier: Apache-2.0
// What may be done with a badge that exists, by its state: two clicks, the act and its reason.

import { useState } from "preact/hooks";
import { api, type Badge, type BadgeChange, type BadgeState } from "../api";
import { Button } from "../components/button";
import { attempt } from "../notes";
import { coded, type PlainKey, t } from "../words";

const outside: BadgeChange[] = ["suspended", "lost", "destroyed"];
const ways: Partial<Record<BadgeState, BadgeChange[]>> = {
  issued: outside,
  active: outside,
  suspended: ["active", "lost", "destroyed"],
  lost: ["quarantine", "destroyed"],
  quarantine: ["in_stock", "destroyed"],
  returned: ["in_stock", "destroyed"],
  revoked: ["in_stock", "lost", "destroyed"],
  expired: ["lost", "destroyed"],
  in_stock: ["destroyed"],
};
const reasons = ["guest_said", "checked", "doubt", "mistake"];

// `few`: without the ends that only an office decides.
export function BadgeActions({ badge, few = false, onDone }: { badge: Badge; few?: boolean; onDone: () => Promise<void> | void }) {
  const [to, setTo] = useState<BadgeChange | null>(null);
  const open = (ways[badge.state] ?? []).filter(
    (one) => (one !== "in_stock" || badge.kind === "card") && !(few && (one === "destroyed" || one === "in_stock")),
  );
  const word = (state: BadgeChange) => coded("badge.act", state);
  async function change(reason: string) {
    if (!to) return;
    const done = await attempt(
      async () => {
        await api.changeBadge(badge.id, to, reason);
        await onDone();
      },
      t("done.badge", { what: coded("badge", to) }),
    );
    if (done) setTo(null);
  }
  if (to) {
    return (
      <div class="revoke-why" role="group" aria-label={t("badge.change_why", { what: word(to) })}>
        <span>{t("badge.change_why", { what: word(to) })}</span>
        {reasons.map((reason) => (
          <Button key={reason} size="small" data-reason={reason} onClick={() => void change(reason)}>
            {t(`badge.change.${reason}` as PlainKey)}
          </Button>
        ))}
        <Button kind="quiet" size="small" onClick={() => setTo(null)}>
          {t("cancel")}
        </Button>
      </div>
    );
  }
  return (
    <>
      {open.map((one) => (
        <Button key={one} size="small" data-to={one} onClick={() => setTo(one)}>
          {word(one)}
        </Button>
      ))}
    </>
  );
}
