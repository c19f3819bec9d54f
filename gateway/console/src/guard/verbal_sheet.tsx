// SPDX-License-Identifier: Apache-2.0
// A decision given by word of mouth, taken down by the guard under the guard's own name.

import { useState } from "preact/hooks";
import { api, type Visit } from "../api";
import { Button } from "../components/button";
import { Field } from "../components/field";
import { Sheet } from "../components/sheet";
import { learned } from "../live";
import { attempt } from "../notes";
import { t } from "../words";

export function VerbalSheet({ visit, onClose }: { visit: Visit; onClose: () => void }) {
  const [who, setWho] = useState("");
  async function record(decision: "accept_now" | "decline") {
    if (!who.trim()) return;
    const done = await attempt(
      async () => learned(await api.decide(visit.id, { decision, reason: who.trim(), version: visit.approval_version, verbal: true })),
      t("done.verbal"),
    );
    if (done) onClose();
  }
  return (
    <Sheet title={`${t("verbal.title")} · ${visit.name}`} onClose={onClose}>
      <form class="stack" onSubmit={(event) => event.preventDefault()}>
        <p class="muted">{t("verbal.lead")}</p>
        <Field label={t("verbal.who")}>
          <input data-first="" required value={who} placeholder={t("verbal.who_example")} onInput={(event) => setWho(event.currentTarget.value)} />
        </Field>
        <footer class="dialog-foot">
          <Button kind="danger" disabled={!who.trim()} onClick={() => void record("decline")}>
            {t("verbal.decline")}
          </Button>
          <Button kind="primary" disabled={!who.trim()} onClick={() => void record("accept_now")}>
            {t("verbal.accept")}
          </Button>
        </footer>
      </form>
    </Sheet>
  );
}
