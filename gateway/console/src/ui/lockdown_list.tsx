// SPDX-License-Identifier: Apache-2.0
// The site's lockdown plans: what each closes, who may pass; started and ended with a reason.

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { api, type Lockdown } from "../api";
import { Banner } from "../components/banner";
import { Button } from "../components/button";
import { areas, lockdowns } from "../live";
import { attempt } from "../notes";
import { stampText } from "../time";
import { coded, type PlainKey, t } from "../words";
import { VerdictShape } from "./shape";

const reasons = { start: ["threat", "disorder", "drill"], end: ["over", "drill"] };

function Plan({ plan }: { plan: Lockdown }) {
  const [asking, setAsking] = useState(false);
  const known = areas.value;
  const box = useRef<HTMLElement>(null);
  const was = useRef(asking);
  // In a sheet the focus goes on to the first reason and back to the button, not to what comes first in the sheet.
  useLayoutEffect(() => {
    if (was.current !== asking && box.current?.closest("dialog")) box.current.querySelector("button")?.focus();
    was.current = asking;
  }, [asking]);
  const to = plan.active ? "end" : "start";
  async function move(reason: string) {
    const done = await attempt(
      async () => {
        await api.lockdown(plan.id, to, reason);
        lockdowns.value = await api.lockdowns();
      },
      t("done.lockdown", { name: plan.name, what: t(plan.active ? "lockdown.inactive" : "lockdown.is_active") }),
    );
    if (done) setAsking(false);
  }
  const areaName = (id: string) => known.find((one) => one.id === id)?.name || coded("area", id);
  return (
    <article ref={box} class={`plan ${plan.active ? "plan-active" : ""}`} data-plan={plan.id}>
      <h3>{plan.name}</h3>
      <p>
        {t(plan.active ? "lockdown.is_active" : "lockdown.inactive")}
        {plan.until ? ` · ${t("lockdown.until", { time: stampText(plan.until) })}` : ""}
      </p>
      <p class="muted">
        {t("lockdown.areas")}: {plan.areas.map(areaName).join(", ")} ·{" "}
        {t("lockdown.may_pass", { who: plan.may_pass.map((who) => coded("lockdown.pass", who)).join(", ") || t("lockdown.nobody") })}
      </p>
      {!asking ? (
        <Button kind={plan.active ? "plain" : "danger"} data-lockdown={to} onClick={() => setAsking(true)}>
          {t(`lockdown.${to}`)}
        </Button>
      ) : (
        <div class="revoke-why" role="group" aria-label={t("lockdown.why")}>
          <span>{t("lockdown.why")}</span>
          {reasons[to].map((reason) => (
            <Button key={reason} kind={plan.active ? "plain" : "danger"} size="small" data-reason={reason} onClick={() => void move(reason)}>
              {t(`lockdown.reason.${reason}` as PlainKey)}
            </Button>
          ))}
          <Button kind="quiet" size="small" onClick={() => setAsking(false)}>
            {t("cancel")}
          </Button>
        </div>
      )}
    </article>
  );
}

export function LockdownList() {
  const all = lockdowns.value;
  if (!all.length) return <p class="muted">{t("lockdown.none")}</p>;
  return (
    <div class="plans">
      {all.map((plan) => (
        <Plan key={plan.id} plan={plan} />
      ))}
    </div>
  );
}

// Every screen says which lockdown holds and who may pass all the same.
export function LockdownBanners() {
  const active = lockdowns.value.filter((one) => one.active);
  return (
    <>
      {active.map((one) => (
        <Banner key={one.id} kind="lockdown" data-lockdown={one.id}>
          <VerdictShape kind="refuse" /> <strong>{t("lockdown.active", { name: one.name })}</strong>
          {one.until && <span>{t("lockdown.until", { time: stampText(one.until) })}</span>}
          <span>{t("lockdown.may_pass", { who: one.may_pass.map((who) => coded("lockdown.pass", who)).join(", ") || t("lockdown.nobody") })}</span>
        </Banner>
      ))}
    </>
  );
}
