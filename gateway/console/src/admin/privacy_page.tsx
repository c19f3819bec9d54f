// SPDX-License-Identifier: Apache-2.0
// Personal data: what is due for destruction and the certificates of it; below, the desk for data subjects and the legal holds.

import { useEffect, useState } from "preact/hooks";
import { addressOf, api, type Case, type ErasureRun, type LegalHold, type Retention, type RetentionClass } from "../api";
import { Button } from "../components/button";
import { attempt } from "../notes";
import { dayText, momentText } from "../time";
import { numberText, t } from "../words";
import { Desk } from "./privacy_desk";
import { Holds } from "./privacy_holds";

const poll_ms = 2000;

export function PrivacyPage() {
  const [due, setDue] = useState<Retention | null>(null);
  const [runs, setRuns] = useState<ErasureRun[]>([]);
  const [holds, setHolds] = useState<LegalHold[]>([]);
  const [cases, setCases] = useState<Case[]>([]);
  const read = async () => {
    const [list, done, kept, asked] = await Promise.all([api.retention(), api.erasures(), api.holds(), api.cases()]);
    setDue(list);
    setRuns(done);
    setHolds(kept);
    setCases(asked);
  };
  useEffect(() => void read().catch(() => {}), []);
  // A destruction goes on by itself; the list is read again until it is finished.
  useEffect(() => {
    if (!due?.run && !runs.some((run) => !run.finished)) return;
    const timer = setTimeout(() => void read().catch(() => {}), poll_ms);
    return () => clearTimeout(timer);
  }, [due, runs]);
  return (
    <div class="privacy">
      {due && <Due due={due} read={read} />}
      <Runs runs={runs.filter((run) => run.finished)} />
      <Desk cases={cases} read={read} />
      <Holds holds={holds} read={read} />
    </div>
  );
}

function Due({ due, read }: { due: Retention; read: () => Promise<void> }) {
  const [sure, setSure] = useState(false);
  const total = due.classes.reduce((sum, one) => sum + one.due, 0);
  const agree = (one: RetentionClass) =>
    attempt(async () => {
      await api.agreeRetention(one.class);
      await read();
    }, t("privacy.agreed"));
  return (
    <section data-part="due">
      <h2>{t("privacy.due")}</h2>
      <p class="muted">{t("privacy.due_hint")}</p>
      <table class="table">
        <thead>
          <tr>
            {(["class", "jra", "days", "due", "held", "oldest"] as const).map((name) => (
              <th key={name} scope="col">
                {t(`privacy.col.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {due.classes.map((one) => (
            <tr key={one.class} data-class={one.class}>
              <th scope="row">{t(`privacy.class.${one.class}`)}</th>
              <td>{one.jra || t("none")}</td>
              <td>
                {one.action === "permanent" ? t("privacy.forever") : t("privacy.days", { n: one.days })}
                {one.next && (
                  <div class="privacy-next">
                    <small>{t("privacy.shorter", { n: one.next.days, who: one.next.agreed_by ?? t("privacy.nobody_yet") })}</small>
                    <Button size="small" data-agree onClick={() => void agree(one)}>
                      {t("privacy.agree", { n: one.next.days })}
                    </Button>
                  </div>
                )}
              </td>
              <td>{one.action === "permanent" ? t("none") : <b>{numberText(one.due)}</b>}</td>
              <td>{one.held || t("none")}</td>
              <td>{one.oldest ? dayText(one.oldest) : t("none")}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div class="toolbar">
        {due.run ? (
          <p role="status">{t("privacy.running", { id: due.run.id })}</p>
        ) : total === 0 ? (
          <p>{t("privacy.nothing_due")}</p>
        ) : !sure ? (
          <Button kind="primary" data-approve onClick={() => setSure(true)}>
            {t("privacy.approve")}
          </Button>
        ) : (
          <>
            <Button
              kind="danger"
              data-approve-sure
              onClick={() => {
                setSure(false);
                void attempt(async () => {
                  await api.approveErasure();
                  await read();
                }, t("privacy.started"));
              }}
            >
              {t("privacy.approve_sure")}
            </Button>
            <Button kind="quiet" onClick={() => setSure(false)}>
              {t("cancel")}
            </Button>
          </>
        )}
        <p class="muted">{t("privacy.facts", { open: due.open_visits, anonymised: due.anonymised })}</p>
      </div>
      {due.backups.length > 0 && (
        <p class="muted">
          {t("privacy.backups")} {due.backups.map((one) => `${one.name} (${dayText(one.made)})`).join(", ")}
        </p>
      )}
    </section>
  );
}

function Runs({ runs }: { runs: ErasureRun[] }) {
  const sum = (run: ErasureRun, pick: (one: ErasureRun["classes"][number]) => number) => run.classes.reduce((all, one) => all + pick(one), 0);
  return (
    <section data-part="runs">
      <h2>{t("privacy.runs")}</h2>
      {runs.length === 0 ? (
        <p class="muted">{t("privacy.no_runs")}</p>
      ) : (
        <ul class="privacy-list">
          {runs.slice(0, 10).map((run) => (
            <li key={run.id} data-run={run.id}>
              <b>{momentText(run.finished!)}</b>
              <span>
                {t("privacy.run_line", {
                  persons: sum(run, (one) => one.persons),
                  visits: sum(run, (one) => (one.class === "visit" ? one.visits : 0)),
                  notes: sum(run, (one) => one.notes),
                  files: sum(run, (one) => one.pictures + one.clips),
                })}
              </span>
              <small>{t("privacy.by", { who: run.approved_by })}</small>
              <a class="plain small" download href={addressOf("/retention/runs/{id}/certificate.pdf", { at: { id: run.id } })}>
                {t("privacy.certificate")}
              </a>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
