// SPDX-License-Identifier: Apache-2.0
// Decisions that a guard took down on the telephone wait here for the aide's own word, also when the guest has left.

import { useEffect, useState } from "preact/hooks";
import { api, type Visit } from "../api";
import { Button } from "../components/button";
import { Field } from "../components/field";
import { feed, learned } from "../live";
import { attempt } from "../notes";
import { momentText } from "../time";
import { t } from "../words";

export function VerbalReview() {
  const [list, setList] = useState<Visit[]>([]);
  const [disputing, setDisputing] = useState<string | null>(null);
  const [why, setWhy] = useState("");
  const newest = feed.value.find((entry) => /^(approval_decided|verbal_reviewed|undone)$/.test(entry.type))?.number;
  useEffect(() => {
    api.unconfirmed().then(setList, () => {});
  }, [newest]);
  async function review(visit: Visit, confirmed: boolean) {
    const done = await attempt(async () => {
      learned(await api.reviewVerbal(visit.id, confirmed, confirmed ? undefined : why.trim()));
      setList((all) => all.filter((one) => one.id !== visit.id));
    }, t("aide.verbal_done"));
    if (!done) return;
    setDisputing(null);
    setWhy("");
  }
  if (!list.length) return null;
  return (
    <section class="verbals" aria-labelledby="verbals-title">
      <h2 id="verbals-title">{t("aide.verbal")}</h2>
      <p class="muted">{t("aide.verbal_lead")}</p>
      <ul>
        {list.map((visit) => (
          <li key={visit.id} data-verbal={visit.id}>
            <p>
              <b>{visit.name}</b> · {t(`approval.${visit.approval}`)}
              <small>
                {visit.decided ? momentText(visit.decided) : ""} {visit.approval_reason && `· ${visit.approval_reason}`}
              </small>
            </p>
            {disputing === visit.id ? (
              <form
                onSubmit={(event) => {
                  event.preventDefault();
                  if (why.trim()) void review(visit, false);
                }}
              >
                <Field label={t("aide.verbal_why")}>
                  <input required maxLength={200} value={why} onInput={(event) => setWhy(event.currentTarget.value)} />
                </Field>
                <div class="verbal-acts">
                  <Button onClick={() => setDisputing(null)}>{t("cancel")}</Button>
                  <Button submit kind="danger" disabled={!why.trim()}>
                    {t("aide.verbal_dispute")}
                  </Button>
                </div>
              </form>
            ) : (
              <div class="verbal-acts">
                <Button kind="primary" data-review="yes" onClick={() => void review(visit, true)}>
                  {t("aide.verbal_confirm")}
                </Button>
                <Button kind="danger" data-review="no" onClick={() => setDisputing(visit.id)}>
                  {t("aide.verbal_dispute")}
                </Button>
              </div>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
