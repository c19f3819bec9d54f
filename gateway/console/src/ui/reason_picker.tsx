// SPDX-License-Identifier: Apache-2.0
// Chips to pick from plus free text: coded reasons stay countable, and nothing is unsayable.
import { Button } from "../components/button";
import { t } from "../words";

export function ReasonPicker(props: { options: [string, string][]; value: string; onPick: (value: string) => void; label: string }) {
  const known = props.options.some(([code]) => code === props.value);
  return (
    <fieldset class="reasons">
      <legend>{props.label}</legend>
      <div class="chips">
        {props.options.map(([code, text], index) => (
          <Button key={code} kind="chip" data-first={index === 0 ? "" : undefined} aria-pressed={props.value === code} onClick={() => props.onPick(code)}>
            {text}
          </Button>
        ))}
      </div>
      <input
        type="text"
        aria-label={t("reason")}
        placeholder={t("reason")}
        value={known ? "" : props.value}
        onInput={(event) => props.onPick(event.currentTarget.value)}
      />
    </fieldset>
  );
}
