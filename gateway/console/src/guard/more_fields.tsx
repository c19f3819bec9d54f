// SPDX-License-Identifier: Apache-2.0
// What only some guests need: a party, the identity card that was seen, a number plate. Never a picture of the card, never
// more than its last four digits.

import type { IdentityType } from "../api";
import { Field } from "../components/field";
import { PartyField } from "../ui/party_field";
import { t } from "../words";
import type { Draft } from "./draft";

const identities: (IdentityType | "")[] = ["", "ktp", "sim", "passport", "other"];

export function MoreFields({ draft, fixed, onChange }: { draft: Draft; fixed: boolean; onChange: (part: Partial<Draft>) => void }) {
  const party = Number(draft.party) > 1;
  return (
    <div class="more-fields">
      <PartyField value={draft.party} disabled={fixed} onChange={(party) => onChange({ party })} />
      <Field label={t("new.identity")}>
        <select
          name="identity_type"
          value={draft.identity_type}
          onChange={(event) => onChange({ identity_type: event.currentTarget.value as IdentityType | "" })}
        >
          {identities.map((one) => (
            <option key={one} value={one}>
              {t(`identity.${one || "none"}`)}
            </option>
          ))}
        </select>
      </Field>
      <Field label={t("new.identity_last4")}>
        <input
          name="identity_last4"
          maxLength={4}
          inputMode="numeric"
          autocomplete="off"
          value={draft.identity_last4}
          disabled={!draft.identity_type}
          onInput={(event) => onChange({ identity_last4: event.currentTarget.value })}
        />
      </Field>
      <Field label={t("new.vehicle")}>
        <input name="vehicle" maxLength={20} autocomplete="off" value={draft.vehicle} onInput={(event) => onChange({ vehicle: event.currentTarget.value })} />
      </Field>
      {party && (
        <Field label={t("new.members")} class="more-members">
          <textarea name="members" rows={2} value={draft.members} onInput={(event) => onChange({ members: event.currentTarget.value })} />
        </Field>
      )}
      {fixed && <p class="hint more-members">{t("new.complete_fixed")}</p>}
    </div>
  );
}
