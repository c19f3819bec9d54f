// SPDX-License-Identifier: Apache-2.0
// Things left at the post: recorded with a tag, given back one by one.

import { useRef, useState } from "preact/hooks";
import { api, type Visit } from "../api";
import { Button } from "../components/button";
import { Field } from "../components/field";
import { learned } from "../live";
import { attempt } from "../notes";
import { type PlainKey, t } from "../words";

const usual = ["phone", "keys", "bag", "tool", "weapon"];
export const openDeposits = (visit: Visit) => visit.deposits.filter((item) => item.state !== "returned");

export function DepositList({ visit }: { visit: Visit }) {
  const asked = useRef(new Set<string>()); // a second press while the daemon is asked says nothing new
  async function giveBack(id: string) {
    if (asked.current.has(id)) return;
    asked.current.add(id);
    const done = await attempt(async () => {
      await api.moveDeposit(id, "returned");
      learned(await api.visit(visit.id));
    }, t("done.deposit_back"));
    if (!done) asked.current.delete(id);
  }
  return (
    <ul class="deposits">
      {visit.deposits.map((item) => (
        <li key={item.id} data-deposit={item.state}>
          <b>{item.what}</b>{" "}
          <span>
            {item.tag} {item.locker && `· ${t("deposit.locker")} ${item.locker}`}
          </span>
          {item.state === "returned" ? (
            <span class="muted">{t("deposit.state.returned")}</span>
          ) : (
            <Button size="small" data-first="" onClick={() => void giveBack(item.id)}>
              {t("deposit.back")}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}

export function DepositForm({ visit, label, onDone }: { visit: Visit; label: string; onDone: () => Promise<void> | void }) {
  const [what, setWhat] = useState("");
  const [tag, setTag] = useState("");
  const [locker, setLocker] = useState("");
  async function add(event: SubmitEvent) {
    event.preventDefault();
    if (!what.trim() || !tag.trim()) return;
    const done = await attempt(async () => {
      await api.deposit(visit.id, { what: what.trim(), tag: tag.trim(), ...(locker.trim() ? { locker: locker.trim() } : {}) });
      learned(await api.visit(visit.id));
    }, t("done.deposit"));
    if (!done) return;
    setWhat("");
    setTag("");
    setLocker("");
    await onDone();
  }
  return (
    <form class="stack" onSubmit={add}>
      <div class="chips" role="group" aria-label={t("deposit.what")}>
        {usual.map((one) => {
          const text = t(`deposit.what.${one}` as PlainKey);
          return (
            <Button key={one} kind="chip" aria-pressed={what === text} onClick={() => setWhat(text)}>
              {text}
            </Button>
          );
        })}
      </div>
      <div class="deposit-fields">
        <Field label={t("deposit.what")}>
          <input data-first="" value={what} maxLength={100} onInput={(event) => setWhat(event.currentTarget.value)} />
        </Field>
        <Field label={t("deposit.tag")}>
          <input name="tag" value={tag} maxLength={30} onInput={(event) => setTag(event.currentTarget.value)} />
        </Field>
        <Field label={t("deposit.locker")}>
          <input value={locker} maxLength={30} onInput={(event) => setLocker(event.currentTarget.value)} />
        </Field>
      </div>
      <footer class="dialog-foot">
        <Button submit kind="primary" disabled={!what.trim() || !tag.trim()}>
          {label}
        </Button>
      </footer>
    </form>
  );
}
