// SPDX-License-Identifier: Apache-2.0
// A guest who is expected: name, purpose, whom, and a window of time. Used at the post, on the aide's phone, at the desk.

import { useEffect, useRef, useState } from "preact/hooks";
import { api, type Candidate, type Category, newKey, type Visit } from "../api";
import { Button } from "../components/button";
import { Field } from "../components/field";
import { hosts, learned } from "../live";
import { attempt, tell } from "../notes";
import { momentText, serverNow, siteInstant, siteLocal } from "../time";
import { t } from "../words";
import { PartyField } from "./party_field";
import { candidatesOf, SamePerson, someoneElse } from "./same_person";

const shown_hosts = 6;
const hostText = (name: string, unit: string | null) => (unit ? `${name}, ${unit}` : name);

// Whom guests come for, one tap each; whatever else is typed. The list completes what is being typed.
export function WhomChips({ whom, onPick }: { whom: string; onPick: (whom: string) => void }) {
  const all = hosts.value.filter((one) => one.receives);
  if (!all.length) return null;
  return (
    <>
      <div class="chips" role="group" aria-label={t("whom.list")}>
        {all.slice(0, shown_hosts).map((one) => (
          <Button key={one.id} kind="chip" data-whom={one.id} aria-pressed={whom === one.name} onClick={() => onPick(one.name)}>
            {hostText(one.name, one.unit)}
          </Button>
        ))}
      </div>
      <datalist id="whom-list">
        {all.map((one) => (
          <option key={one.id} value={one.name}>
            {one.unit ?? ""}
          </option>
        ))}
      </datalist>
    </>
  );
}

const hour_ms = 3_600_000;
const blank = { name: "", purpose: "", whom: "", institution: "", phone: "", party: "1" };

export function PlanForm({ onDone }: { onDone: (visit: Visit) => void }) {
  const key = useRef(newKey()); // sent twice, it is one plan
  const [fields, setFields] = useState(blank);
  const [category, setCategory] = useState<Category>("general");
  const [from, setFrom] = useState("");
  const [until, setUntil] = useState("");
  const [unclear, setUnclear] = useState<Candidate[]>([]);
  const ordered = !from || !until || siteInstant(until) > siteInstant(from);

  function begin(at: string) {
    setFrom(at);
    if (at) setUntil(siteLocal(Date.parse(siteInstant(at)) + 2 * hour_ms));
  }
  // The next hour, or the next one at which guests of this category are received.
  useEffect(() => {
    const soon = Math.ceil((serverNow() + hour_ms / 2) / hour_ms) * hour_ms;
    if (!from) begin(siteLocal(soon));
    api.hours(category).then(
      (hours) => {
        if (!hours.open && hours.next_open) begin(siteLocal(hours.next_open));
      },
      () => {},
    );
  }, [category]);

  // `person`: who it is, where the daemon has asked.
  async function submit(event?: Event, person = "") {
    event?.preventDefault();
    if (!ordered) return;
    const { party, ...texts } = fields;
    const filled = Object.fromEntries(
      Object.entries(texts)
        .map(([name, value]) => [name, value.trim()])
        .filter(([, value]) => value),
    );
    const people = Math.max(1, Math.floor(Number(party)) || 1);
    const plan = {
      ...(filled as Record<"name" | "purpose" | "whom", string>),
      category,
      ...(people > 1 ? { party: people } : {}),
      ...(person ? { person } : {}),
      from: siteInstant(from),
      until: siteInstant(until),
    };
    await attempt(async () => {
      const made = await api.plan(plan, key.current).catch((error: unknown) => {
        setUnclear(candidatesOf(error));
        if (!candidatesOf(error).length) throw error;
        return null;
      });
      if (!made) return;
      setUnclear([]);
      key.current = newKey();
      learned(made);
      tell(
        made.state === "planned"
          ? t("plan.done", { name: made.name, time: momentText(made.expected ?? siteInstant(from)) })
          : t("plan.merged", { name: made.name }),
      );
      setFields(blank);
      onDone(made);
    });
  }
  const text = (name: keyof typeof blank, extra: Record<string, unknown> = {}) => (
    <Field label={t(`new.${name}`)}>
      <input
        name={name}
        value={fields[name]}
        autocomplete="off"
        maxLength={200}
        onInput={(event) => {
          setUnclear([]);
          setFields({ ...fields, [name]: event.currentTarget.value });
        }}
        {...extra}
      />
    </Field>
  );
  return (
    <form class="stack plan-form" onSubmit={submit}>
      <div class="field-pair">
        {text("name", { required: true, "data-first": "" })}
        {text("purpose", { required: true })}
      </div>
      <div class="field-group">
        {text("whom", { required: true, list: "whom-list" })}
        <WhomChips whom={fields.whom} onPick={(whom) => setFields({ ...fields, whom })} />
      </div>
      <fieldset class="segments">
        <legend>{t("new.category")}</legend>
        {(["general", "special"] as Category[]).map((one) => (
          <label key={one} class={`segment segment-${one}`}>
            <input type="radio" name="category" checked={category === one} onChange={() => setCategory(one)} />
            <span>{t(`category.${one}`)}</span>
          </label>
        ))}
      </fieldset>
      <div class="field-pair">
        <Field label={t("plan.from")}>
          <input type="datetime-local" name="from" required value={from} onInput={(event) => begin(event.currentTarget.value)} />
        </Field>
        <label class={ordered ? "" : "field-bad"}>
          {t("plan.until")}
          <input type="datetime-local" name="until" required value={until} aria-invalid={!ordered} onInput={(event) => setUntil(event.currentTarget.value)} />
        </label>
      </div>
      {!ordered && (
        <p class="form-error" role="alert">
          {t("plan.until_after")}
        </p>
      )}
      <div class="field-pair plan-rest">
        {text("institution")}
        {text("phone", { inputMode: "tel", maxLength: 40 })}
        <PartyField value={fields.party} onChange={(party) => setFields({ ...fields, party })} />
      </div>
      {unclear.length > 0 && (
        <SamePerson
          name={fields.name}
          candidates={unclear}
          busy={false}
          yes={(one) => t("same.yes", { name: one.name })}
          onYes={(one) => void submit(undefined, one.person)}
          onNo={() => void submit(undefined, someoneElse)}
        />
      )}
      <footer class="dialog-foot">
        <Button submit kind="primary" size="big" disabled={!ordered}>
          {t("plan.submit")}
        </Button>
      </footer>
    </form>
  );
}
