// SPDX-License-Identifier: Apache-2.0
// Legal holds: what must not be destroyed, though it is due.

import { useState } from "preact/hooks";
import { api, type LegalHold } from "../api";
import { Button } from "../components/button";
import { Field } from "../components/field";
import { attempt } from "../notes";
import { dayText } from "../time";
import { t } from "../words";

export function Holds({ holds, read }: { holds: LegalHold[]; read: () => Promise<void> }) {
  const [id, setId] = useState("");
  const [why, setWhy] = useState("");
  const [ending, setEnding] = useState<string | null>(null);
  const [reason, setReason] = useState("");
  async function hold(event: SubmitEvent) {
    event.preventDefault();
    const what = id.trim();
    await attempt(async () => {
      await api.hold({ [what.startsWith("v-") ? "visit" : "guest"]: what, reason: why.trim() });
      setId("");
      setWhy("");
      await read();
    }, t("privacy.held"));
  }
  const release = (one: string) =>
    attempt(async () => {
      await api.releaseHold(one, reason.trim());
      setEnding(null);
      setReason("");
      await read();
    }, t("privacy.released"));
  return (
    <section data-part="holds">
      <h2>{t("privacy.holds")}</h2>
      <form class="toolbar add-user privacy-form" onSubmit={hold}>
        <Field label={t("privacy.hold_id")}>
          <input required name="hold" maxLength={64} autocomplete="off" spellcheck={false} value={id} onInput={(event) => setId(event.currentTarget.value)} />
        </Field>
        <Field label={t("privacy.hold_why")} class="attention-why">
          <input required name="why" maxLength={500} autocomplete="off" value={why} onInput={(event) => setWhy(event.currentTarget.value)} />
        </Field>
        <Button submit kind="primary">
          {t("privacy.hold")}
        </Button>
      </form>
      {holds.length === 0 ? (
        <p class="muted">{t("privacy.no_holds")}</p>
      ) : (
        <ul class="privacy-list">
          {holds.map((one) => (
            <li key={one.id} data-hold={one.id}>
              <b>{one.guest ?? one.visit}</b>
              <span>{one.reason}</span>
              <small>
                {one.made_by}, {dayText(one.made)}
              </small>
              {ending !== one.id ? (
                <Button size="small" onClick={() => setEnding(one.id)}>
                  {t("privacy.release")}
                </Button>
              ) : (
                <div class="revoke-why">
                  <input
                    aria-label={t("privacy.release_why")}
                    placeholder={t("privacy.release_why")}
                    maxLength={500}
                    value={reason}
                    onInput={(event) => setReason(event.currentTarget.value)}
                  />
                  <Button kind="danger" size="small" disabled={!reason.trim()} onClick={() => void release(one.id)}>
                    {t("privacy.release")}
                  </Button>
                  <Button kind="quiet" size="small" onClick={() => setEnding(null)}>
                    {t("cancel")}
                  </Button>
                </div>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
