// SPDX-License-Identifier: Apache-2.0
// One letter records the detector's result. Single letters act only here, inside a choice.
import { api, type Screening, type Visit } from "../api";
import { learned } from "../live";
import { attempt } from "../notes";
import { Dialog } from "../ui/dialog";
import { t, type WordKey } from "../words";

const choices: { key: string; result: Screening; word: WordKey; hint: WordKey; tone: string }[] = [
  { key: "B", result: "clear", word: "screen.clear", hint: "screen.clear_hint", tone: "pass" },
  { key: "U", result: "pending", word: "screen.again", hint: "screen.again_hint", tone: "check" },
  { key: "M", result: "cleared_by_check", word: "screen.manual", hint: "screen.manual_hint", tone: "pass" },
  { key: "T", result: "refused", word: "screen.refuse", hint: "screen.refuse_hint", tone: "refuse" },
];

export function ScreeningSheet({ visit, onClose }: { visit: Visit; onClose: () => void }) {
  async function record(result: Screening) {
    onClose();
    await attempt(async () => learned(await api.screening(visit.id, result)), t("done.screening", { result: t(`screening.${result}`) }));
  }
  return (
    <Dialog
      title={`${t("screen.title")} · ${visit.name}`}
      onClose={onClose}
      onKey={(event) => {
        const choice = choices.find((one) => one.key === event.key.toUpperCase());
        if (!choice || event.repeat || event.ctrlKey || event.altKey) return;
        event.preventDefault();
        void record(choice.result);
      }}
    >
      <p class="muted">{t("screen.lead")}</p>
      <div class="choices">
        {choices.map((choice, index) => (
          <button key={choice.key} type="button" class={`choice choice-${choice.tone}`} data-first={index === 0 ? "" : undefined}
            data-result={choice.result} onClick={() => void record(choice.result)}>
            <kbd>{choice.key}</kbd>
            <span><b>{t(choice.word)}</b><small>{t(choice.hint)}</small></span>
          </button>
        ))}
      </div>
    </Dialog>
  );
}
