// SPDX-License-Identifier: Apache-2.0
// How many people come together, as typed.
import { Field } from "../components/field";
import { t } from "../words";

interface Props {
  value: string;
  disabled?: boolean;
  onChange: (party: string) => void;
}

export function PartyField({ value, disabled, onChange }: Props) {
  return (
    <Field label={t("new.party")}>
      <input name="party" type="number" min={1} max={500} value={value} disabled={disabled} onInput={(event) => onChange(event.currentTarget.value)} />
    </Field>
  );
}
