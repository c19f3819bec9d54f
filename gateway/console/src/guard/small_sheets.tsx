// SPDX-License-Identifier: Apache-2.0
// Sheets of one question each: the attention list, the aide's own question, taking the question back.

import { useState } from "preact/hooks";
import { api, type Visit } from "../api";
import { Button } from "../components/button";
import { Field } from "../components/field";
import { Sheet } from "../components/sheet";
import { learned } from "../live";
import { attempt } from "../notes";
import { Portrait } from "../ui/pictures";
import { ReasonPicker } from "../ui/reason_picker";
import { t } from "../words";

interface Props {
  visit: Visit;
  onClose: () => void;
}

// Both answers need their reason first, so that neither is the quick way out.
export function AttentionSheet({ visit, onClose }: Props) {
  const [reason, setReason] = useState("");
  async function answer(is_match: boolean) {
    if (!reason.trim()) return;
    if (await attempt(async () => learned(await api.attention(visit.id, is_match, reason.trim())))) onClose();
  }
  return (
    <Sheet title={`${t("attention.title")} · ${visit.name}`} onClose={onClose}>
      <form class="stack" onSubmit={(event) => event.preventDefault()}>
        <div class="sheet-person">
          <Portrait hash={visit.portrait} name={visit.name} size="portrait-guest" />
          <p>{t("attention.lead")}</p>
        </div>
        <ReasonPicker
          label={t("attention.how")}
          value={reason}
          onPick={setReason}
          options={[
            ["identity_card", t("attention.reason.identity")],
            ["face", t("attention.reason.face")],
            ["birth_date", t("attention.reason.birth")],
            ["known", t("attention.reason.known")],
          ]}
        />
        <footer class="dialog-foot">
          <Button kind="danger" data-match="yes" disabled={!reason.trim()} onClick={() => void answer(true)}>
            {t("attention.match")}
          </Button>
          <Button kind="primary" data-match="no" disabled={!reason.trim()} onClick={() => void answer(false)}>
            {t("attention.no_match")}
          </Button>
        </footer>
      </form>
    </Sheet>
  );
}

export function AnswerSheet({ visit, onClose }: Props) {
  const [answer, setAnswer] = useState("");
  async function send(event: SubmitEvent) {
    event.preventDefault();
    if (!answer.trim()) return;
    if (await attempt(async () => learned(await api.answer(visit.id, answer.trim())), t("done.answer"))) onClose();
  }
  return (
    <Sheet title={`${t("answer.title")} · ${visit.name}`} onClose={onClose}>
      <form class="stack" onSubmit={send}>
        <p class="quoted">{visit.approval_reason}</p>
        <Field label={t("answer.field")}>
          <input data-first="" required value={answer} maxLength={200} onInput={(event) => setAnswer(event.currentTarget.value)} />
        </Field>
        <footer class="dialog-foot">
          <Button submit kind="primary" disabled={!answer.trim()}>
            {t("answer.submit")}
          </Button>
        </footer>
      </form>
    </Sheet>
  );
}

// A decision of the SOP that a person takes, by its button or the number before it. Enter picks none.
export function DecideStepSheet({ visit, onClose }: Props) {
  const [step] = useState(visit.next); // another step may be next when the sheet is still open
  async function decide(answer: string) {
    if (!step) return;
    if (await attempt(async () => learned(await api.attest(visit.id, step.step, answer)))) onClose();
  }
  const answers = step?.answers ?? [];
  function onKey(event: KeyboardEvent) {
    const chosen = /^[1-9]$/.test(event.key) ? answers[Number(event.key) - 1] : undefined;
    if (!chosen || event.repeat || event.ctrlKey || event.altKey) return;
    event.preventDefault();
    void decide(chosen.answer);
  }
  return (
    <Sheet title={`${t("decide_step.title")} · ${visit.name}`} onClose={onClose} onKey={onKey}>
      <div class="stack">
        <p class="quoted" data-first="" tabIndex={-1}>
          {step?.activity}
        </p>
        <footer class="dialog-foot">
          {answers.map(({ answer, text }, index) => (
            <Button key={answer} data-answer={answer} onClick={() => void decide(answer)}>
              <kbd>{index + 1}</kbd> {text}
            </Button>
          ))}
        </footer>
      </div>
    </Sheet>
  );
}

export function WithdrawSheet({ visit, onClose }: Props) {
  const [reason, setReason] = useState("");
  async function send(event: SubmitEvent) {
    event.preventDefault();
    if (!reason.trim()) return;
    if (await attempt(async () => learned(await api.withdraw(visit.id, reason.trim())), t("done.withdraw"))) onClose();
  }
  return (
    <Sheet title={`${t("withdraw.title")} · ${visit.name}`} onClose={onClose}>
      <form class="stack" onSubmit={send}>
        <ReasonPicker
          label={t("reason")}
          value={reason}
          onPick={setReason}
          options={[
            ["guest_left", t("withdraw.reason.left")],
            ["mistake", t("withdraw.reason.mistake")],
            ["other_guest", t("withdraw.reason.other_guest")],
          ]}
        />
        <footer class="dialog-foot">
          <Button submit kind="primary" disabled={!reason.trim()}>
            {t("withdraw.act")}
          </Button>
        </footer>
      </form>
    </Sheet>
  );
}
