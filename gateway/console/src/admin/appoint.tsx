// SPDX-License-Identifier: Apache-2.0
// The admin puts an aide on duty when no aide hands it over: a phone is off, an aide is ill.

import { api } from "../api";
import { Field } from "../components/field";
import { duty } from "../live";
import { attempt } from "../notes";
import { t } from "../words";

export function Appoint() {
  const roster = duty.value;
  if (!roster?.aides.length) return null;
  const appoint = (user: string, second: boolean) => {
    const name = roster.aides.find((one) => one.id === user)?.name ?? user;
    if (user)
      void attempt(
        async () => {
          duty.value = await api.takeDuty({ user, ...(second ? { second } : {}) });
        },
        t("done.duty_appoint", { name }),
      );
  };
  const place = (second: boolean) => {
    const now = second ? roster.second : roster.first;
    const taken = second ? roster.first : null; // who is on duty is not second too
    return (
      <Field label={t(second ? "duty.place_second" : "duty.place_first")}>
        <select data-appoint={second ? "second" : "first"} value={now?.id ?? ""} onChange={(event) => appoint(event.currentTarget.value, second)}>
          {!now && <option value="">{t("duty.none")}</option>}
          {roster.aides
            .filter((one) => one.id !== taken?.id)
            .map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
        </select>
      </Field>
    );
  };
  return (
    <div class="toolbar add-user" role="group" aria-label={t("duty.title")}>
      <b>{t("duty.title")}</b>
      {place(false)}
      {place(true)}
    </div>
  );
}
