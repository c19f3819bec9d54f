// SPDX-License-Identifier: Apache-2.0
// People to look out for. Only admins see the list; a guard is asked when a guest resembles an entry.

import { useEffect, useState } from "preact/hooks";
import { type Attention, api } from "../api";
import { Button } from "../components/button";
import { Field } from "../components/field";
import { attempt } from "../notes";
import { dayText } from "../time";
import { t } from "../words";

export function AttentionPage() {
  const [list, setList] = useState<Attention[] | null>(null);
  const [name, setName] = useState("");
  const [phone, setPhone] = useState("");
  const [why, setWhy] = useState("");
  const [blocks, setBlocks] = useState(false);
  const read = async () => setList(await api.attentionList());
  useEffect(() => void read().catch(() => {}), []);
  async function add(event: SubmitEvent) {
    event.preventDefault();
    await attempt(async () => {
      await api.listAttention({ name: name.trim(), why: why.trim(), blocks, ...(phone.trim() ? { phone: phone.trim() } : {}) });
      setName("");
      setPhone("");
      setWhy("");
      setBlocks(false);
      await read();
    });
  }
  return (
    <>
      <p class="muted">{t("attention.privacy")}</p>
      <form class="toolbar add-user attention-form" onSubmit={add}>
        <Field label={t("attention.name")}>
          <input required name="name" maxLength={200} autocomplete="off" value={name} onInput={(event) => setName(event.currentTarget.value)} />
        </Field>
        <Field label={t("attention.phone")}>
          <input maxLength={40} autocomplete="off" inputMode="tel" value={phone} onInput={(event) => setPhone(event.currentTarget.value)} />
        </Field>
        <Field label={t("attention.why")} class="attention-why">
          <input required name="why" maxLength={500} autocomplete="off" value={why} onInput={(event) => setWhy(event.currentTarget.value)} />
        </Field>
        <label class="tick">
          <input type="checkbox" checked={blocks} onChange={(event) => setBlocks(event.currentTarget.checked)} /> {t("attention.blocks")}
        </label>
        <Button submit kind="primary">
          {t("attention.add")}
        </Button>
      </form>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{t("attention.name")}</th>
            <th scope="col">{t("attention.phone")}</th>
            <th scope="col">{t("attention.why")}</th>
            <th scope="col">{t("admin.col.state")}</th>
            <th scope="col">{t("attention.since")}</th>
          </tr>
        </thead>
        <tbody>
          {(list ?? []).map((one) => (
            <tr key={one.id} data-attention={one.id}>
              <th scope="row">{one.name}</th>
              <td>{one.phone || t("none")}</td>
              <td>{one.why}</td>
              <td>
                <span class={`state-chip ${one.blocks ? "state-revoked" : ""}`}>{t(one.blocks ? "attention.blocks" : "attention.watch")}</span>
              </td>
              <td>{dayText(one.made)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {list?.length === 0 && <p class="muted">{t("attention.none")}</p>}
    </>
  );
}
