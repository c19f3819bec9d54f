// SPDX-License-Identifier: Apache-2.0
// One letter records the detector's result. Single letters act only here, inside a choice.

import { useLayoutEffect, useState } from "preact/hooks";
import { api, type ScreeningResult, type Visit } from "../api";
import { Button } from "../components/button";
import { Field } from "../components/field";
import { Sheet } from "../components/sheet";
import { learned } from "../live";
import { sawAt } from "../metal";
import { attempt } from "../notes";
import { ReasonPicker } from "../ui/reason_picker";
import { type PlainKey, t } from "../words";
import { DepositForm } from "./deposits";

type Way = "clear" | "rewalk" | "deposit" | "manual_check" | "alternative";
const choices: { key: string; way: Way; tone: string }[] = [
  { key: "B", way: "clear", tone: "pass" },
  { key: "U", way: "rewalk", tone: "check" },
  { key: "T", way: "deposit", tone: "check" },
  { key: "M", way: "manual_check", tone: "refuse" },
  { key: "J", way: "alternative", tone: "plain" },
];
const results: ScreeningResult[] = ["cleared_by_check", "manual_check", "refused", "held_and_reported"];

interface Props {
  visit: Visit;
  onClose: () => void;
}

export function ScreeningSheet({ visit, onClose }: Props) {
  const [way, setWay] = useState<Way | null>(visit.screening === "manual_check" ? "manual_check" : null);

  // Who sounded is not clear without another walk or a look: the daemon refuses it.
  const open = choices.filter((one) => one.way !== "clear" || visit.screening !== "alarm");

  // Before the next key: a sheet that is closed at once has been seen too.
  useLayoutEffect(() => sawAt(visit.id), [visit.id, visit.metal_found]);

  // What was done is said by the offer to undo it.
  async function record(result: ScreeningResult, more: { note?: string; same_gender?: boolean } = {}) {
    onClose();
    await attempt(async () => learned(await api.screening(visit.id, result, more)));
  }
  // Whom no relay reported has sounded all the same: the alarm is recorded before the second walk.
  async function rewalk() {
    onClose();
    await attempt(async () => {
      if (/^(pending|passed_through|rewalk|clear)$/.test(visit.screening)) await api.screening(visit.id, "alarm");
      learned(await api.screening(visit.id, "rewalk"));
    });
  }
  function choose(one: Way) {
    if (one === "clear") return void record("clear");
    if (one === "rewalk") return void rewalk();
    setWay(one);
  }

  return (
    <Sheet
      title={`${t("screen.title")} · ${visit.name}`}
      onClose={onClose}
      onKey={(event) => {
        const choice = open.find((one) => one.key === event.key.toUpperCase());
        if (way || !choice || event.repeat || event.ctrlKey || event.altKey) return;
        event.preventDefault();
        choose(choice.way);
      }}
    >
      {!way && <p class="muted">{t("screen.lead")}</p>}
      {!way && (
        <div class="choices choices-dense">
          {open.map((choice, index) => (
            <button
              key={choice.key}
              type="button"
              class={`choice choice-${choice.tone}`}
              data-first={index === 0 ? "" : undefined}
              data-result={choice.way}
              onClick={() => choose(choice.way)}
            >
              <kbd>{choice.key}</kbd>
              <span>
                <b>{t(`screen.${choice.way}`)}</b>
                <small>{t(`screen.${choice.way}_hint`)}</small>
              </span>
            </button>
          ))}
        </div>
      )}
      {way === "deposit" && <DepositForm visit={visit} label={t("deposit.add_again")} onDone={() => record("item_deposited")} />}
      {way === "manual_check" && <ByHand visit={visit} onRecord={(result, more) => void record(result, more)} />}
      {way === "alternative" && <OtherWay onRecord={(note) => void record("alternative", { note })} />}
    </Sheet>
  );
}

function ByHand({ visit, onRecord }: { visit: Visit; onRecord: (result: ScreeningResult, more: { note?: string; same_gender?: boolean }) => void }) {
  const [same, setSame] = useState(false);
  const [why, setWhy] = useState("");
  const checked = same || why.trim().length > 0;
  return (
    <form class="stack" onSubmit={(event) => event.preventDefault()}>
      <label class="tick">
        <input type="checkbox" data-first="" checked={same} onChange={(event) => setSame(event.currentTarget.checked)} /> {t("screen.same_gender")}
      </label>
      {!same && (
        <Field label={t("screen.why_not_same")}>
          <input value={why} maxLength={200} onInput={(event) => setWhy(event.currentTarget.value)} />
        </Field>
      )}
      <p class="label">{t("screen.outcome")}</p>
      <div class="choices choices-dense">
        {results
          .filter((result) => result !== visit.screening)
          .map((result) => (
            <button
              key={result}
              type="button"
              data-result={result}
              disabled={!checked && !/^(refused|held_and_reported)$/.test(result)}
              class={`choice choice-${result === "cleared_by_check" ? "pass" : result === "manual_check" ? "check" : "refuse"}`}
              onClick={() => onRecord(result, { ...(same ? { same_gender: true } : {}), ...(why.trim() ? { note: why.trim() } : {}) })}
            >
              <b>{t((result === "manual_check" ? "screen.later" : `screen.${result}`) as PlainKey)}</b>
            </button>
          ))}
      </div>
    </form>
  );
}

function OtherWay({ onRecord }: { onRecord: (note: string) => void }) {
  const [reason, setReason] = useState("");
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (reason.trim()) onRecord(reason.trim());
      }}
    >
      <ReasonPicker
        label={t("screen.alternative_why")}
        value={reason}
        onPick={setReason}
        options={["pacemaker", "wheelchair", "pregnancy", "infant"].map((one) => [one, t(`screen.reason.${one}` as PlainKey)])}
      />
      <footer class="dialog-foot">
        <Button submit kind="primary" disabled={!reason.trim()}>
          {t("save")}
        </Button>
      </footer>
    </form>
  );
}
