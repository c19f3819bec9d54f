// SPDX-License-Identifier: Apache-2.0
// A decision given by word of mouth, taken down by the guard under the guard's own name.
import { useState } from "preact/hooks";
import { api, type Visit } from "../api";
import { learned } from "../live";
import { attempt } from "../notes";
import { Dialog } from "../ui/dialog";
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
    <Dialog title={`${t("verbal.title")} · ${visit.name}`} onClose={onClose}>
      <form class="stack" onSubmit={(event) => event.preventDefault()}>
        <p class="muted">{t("verbal.lead")}</p>
        <label>
          {t("verbal.who")}
          <input data-first="" required value={who} placeholder={t("verbal.who_example")} onInput={(event) => setWho(event.currentTarget.value)} />
        </label>
        <footer class="dialog-foot">
          <button type="button" class="danger" disabled={!who.trim()} onClick={() => void record("decline")}>
            {t("verbal.decline")}
          </button>
          <button type="button" class="primary" disabled={!who.trim()} onClick={() => void record("accept_now")}>
            {t("verbal.accept")}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
