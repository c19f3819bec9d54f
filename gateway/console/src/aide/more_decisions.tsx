// SPDX-License-Identifier: Apache-2.0
// The rarer decisions: to another person, to another time, back to the post with a question.

import { useEffect, useState } from "preact/hooks";
import { api, type DecisionBody, type Visit } from "../api";
import { Button } from "../components/button";
import { Field } from "../components/field";
import { Sheet } from "../components/sheet";
import { momentText, siteInstant, siteLocal } from "../time";
import { type PlainKey, t } from "../words";

type Kind = "refer" | "reschedule" | "ask";
const kinds: Kind[] = ["refer", "reschedule", "ask"];
const questions: PlainKey[] = ["aide.ask.letter", "aide.ask.urgent", "aide.ask.who"];

interface Props {
  visit: Visit;
  onDecide: (body: Omit<DecisionBody, "version">, text: string) => void;
  onClose: () => void;
}

export function MoreDecisions({ visit, onDecide, onClose }: Props) {
  const [kind, setKind] = useState<Kind | null>(null);
  return (
    <Sheet title={t(kind ? `aide.${kind}` : "aide.more_title")} class="dialog-bottom" onClose={onClose}>
      {!kind && (
        <div class="decline-list">
          {kinds.map((one) => (
            <button key={one} type="button" class="more-choice" data-more={one} onClick={() => setKind(one)}>
              <b>{t(`aide.${one}`)}</b>
              <small>{t(`aide.${one}_hint`)}</small>
            </button>
          ))}
        </div>
      )}
      {kind === "reschedule" && <When visit={visit} onDecide={onDecide} />}
      {kind === "refer" && <Words label={t("aide.refer_to")} onSend={(reason) => onDecide({ decision: "refer", reason }, `${t("aide.refer")}: ${reason}`)} />}
      {kind === "ask" && (
        <Words
          label={t("aide.ask_what")}
          chips={questions.map((key) => t(key))}
          onSend={(reason) => onDecide({ decision: "ask", reason }, `${t("aide.ask")}: ${reason}`)}
        />
      )}
    </Sheet>
  );
}

function Words({ label, chips = [], onSend }: { label: string; chips?: string[]; onSend: (words: string) => void }) {
  const [words, setWords] = useState("");
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (words.trim()) onSend(words.trim());
      }}
    >
      {chips.length > 0 && (
        <div class="chips">
          {chips.map((one) => (
            <Button key={one} kind="chip" aria-pressed={words === one} onClick={() => setWords(one)}>
              {one}
            </Button>
          ))}
        </div>
      )}
      <Field label={label}>
        <input data-first="" required maxLength={200} value={words} onInput={(event) => setWords(event.currentTarget.value)} />
      </Field>
      <Button submit kind="primary" size="big" disabled={!words.trim()}>
        {t("aide.send")}
      </Button>
    </form>
  );
}

// The daemon refuses an hour outside visiting hours; the next ones are offered first.
function When({ visit, onDecide }: { visit: Visit; onDecide: Props["onDecide"] }) {
  const [when, setWhen] = useState("");
  const [next, setNext] = useState<string | null>(null);
  useEffect(() => {
    api.hours(visit.category).then(
      (hours) => setNext(hours.next_open),
      () => {},
    );
  }, []);
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (!when) return;
        const at = siteInstant(when);
        onDecide({ decision: "reschedule", when: at }, `${t("aide.reschedule")}: ${momentText(at)}`);
      }}
    >
      {next && (
        <div class="chips">
          <Button kind="chip" aria-pressed={when === siteLocal(next)} onClick={() => setWhen(siteLocal(next))}>
            {t("hours.next")}: {momentText(next)}
          </Button>
        </div>
      )}
      <Field label={t("aide.reschedule_when")}>
        <input type="datetime-local" data-first="" required value={when} onInput={(event) => setWhen(event.currentTarget.value)} />
      </Field>
      <Button submit kind="primary" size="big" disabled={!when}>
        {t("aide.send")}
      </Button>
    </form>
  );
}
