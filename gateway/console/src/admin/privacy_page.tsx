// SPDX-License-Identifier: Apache-2.0
// Personal data: what is due for destruction, certificates, legal holds, and the desk for people who ask about their own.

import { useEffect, useState } from "preact/hooks";
import { addressOf, api, type Case, type CaseKind, type ErasureRun, type LegalHold, type Retention, type RetentionClass, type Subject } from "../api";
import { Button } from "../components/button";
import { Field } from "../components/field";
import { attempt } from "../notes";
import { dayText, momentText } from "../time";
import { numberText, t } from "../words";

const kinds: CaseKind[] = ["access", "correct", "restrict", "erase", "object"];
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

function Desk({ cases, read }: { cases: Case[]; read: () => Promise<void> }) {
  const [phone, setPhone] = useState("");
  const [date, setDate] = useState("");
  const [name, setName] = useState("");
  const [found, setFound] = useState<{ people: Subject[]; more: boolean } | null>(null);
  const [asking, setAsking] = useState<string | null>(null);
  async function find(event: SubmitEvent) {
    event.preventDefault();
    await attempt(async () =>
      setFound(await api.findSubjects({ ...(phone.trim() && { phone: phone.trim() }), ...(date && { date }), ...(name.trim() && { name: name.trim() }) })),
    );
  }
  return (
    <section data-part="desk">
      <h2>{t("privacy.desk")}</h2>
      <p class="muted">{t("privacy.desk_hint")}</p>
      <form class="toolbar add-user privacy-form" onSubmit={find}>
        <Field label={t("privacy.phone")}>
          <input name="phone" maxLength={40} inputMode="tel" autocomplete="off" value={phone} onInput={(event) => setPhone(event.currentTarget.value)} />
        </Field>
        <Field label={t("privacy.date")}>
          <input name="date" type="date" value={date} onInput={(event) => setDate(event.currentTarget.value)} />
        </Field>
        <Field label={t("privacy.name")}>
          <input name="name" maxLength={200} autocomplete="off" value={name} onInput={(event) => setName(event.currentTarget.value)} />
        </Field>
        <Button submit kind="primary">
          {t("privacy.find")}
        </Button>
      </form>
      {found?.people.length === 0 && <p role="status">{t("privacy.found_none")}</p>}
      {found && found.people.length > 0 && (
        <table class="table">
          <thead>
            <tr>
              <th scope="col">{t("admin.col.name")}</th>
              <th scope="col">{t("privacy.col.phone")}</th>
              <th scope="col">{t("privacy.col.visits")}</th>
              <th scope="col">{t("privacy.col.last")}</th>
              <th scope="col">{t("privacy.col.person")}</th>
              <th scope="col">{t("admin.col.action")}</th>
            </tr>
          </thead>
          <tbody>
            {found.people.map((one) => (
              <tr key={one.guest} data-guest={one.guest}>
                <th scope="row">
                  {one.name} {one.held && <small>{t("privacy.is_held")}</small>} {one.restricted && <small>{t("privacy.is_restricted")}</small>}
                </th>
                <td>{one.phone || t("none")}</td>
                <td>{one.visits}</td>
                <td>{one.last ? dayText(one.last) : t("none")}</td>
                <td>
                  <code>{one.guest}</code>
                </td>
                <td class="row-act">
                  {one.erased ? (
                    t("privacy.is_erased")
                  ) : (
                    <Button size="small" data-open-case onClick={() => setAsking(one.guest)}>
                      {t("privacy.open_case")}
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {found?.more && <p class="list-more">{t("privacy.found_more", { n: found.people.length })}</p>}
      {asking && (
        <NewCase
          guest={asking}
          onDone={() => {
            setAsking(null);
            void read();
          }}
        />
      )}
      <h3>{t("privacy.cases")}</h3>
      {cases.length === 0 ? (
        <p class="muted">{t("privacy.no_cases")}</p>
      ) : (
        <ul class="privacy-list">
          {cases.map((one) => (
            <CaseRow key={one.id} it={one} read={read} />
          ))}
        </ul>
      )}
    </section>
  );
}

function NewCase({ guest, onDone }: { guest: string; onDone: () => void }) {
  const [kind, setKind] = useState<CaseKind>("access");
  const [requester, setRequester] = useState("");
  const [purpose, setPurpose] = useState("");
  async function open(event: SubmitEvent) {
    event.preventDefault();
    if (await attempt(() => api.openCase({ guest, kind, requester: requester.trim(), purpose: purpose.trim() }), t("privacy.opened"))) onDone();
  }
  return (
    <form class="toolbar add-user privacy-form" data-new-case onSubmit={open}>
      <Field label={t("privacy.kind")}>
        <select value={kind} onChange={(event) => setKind(event.currentTarget.value as CaseKind)}>
          {kinds.map((one) => (
            <option key={one} value={one}>
              {t(`privacy.kind.${one}`)}
            </option>
          ))}
        </select>
      </Field>
      <Field label={t("privacy.requester")}>
        <input required name="requester" maxLength={200} autocomplete="off" value={requester} onInput={(event) => setRequester(event.currentTarget.value)} />
      </Field>
      <Field label={t("privacy.purpose")}>
        <input required name="purpose" maxLength={300} autocomplete="off" value={purpose} onInput={(event) => setPurpose(event.currentTarget.value)} />
      </Field>
      <Button submit kind="primary">
        {t("privacy.open_case")}
      </Button>
    </form>
  );
}

function CaseRow({ it, read }: { it: Case; read: () => Promise<void> }) {
  const [closing, setClosing] = useState(false);
  const [ground, setGround] = useState("");
  const [fix, setFix] = useState({ name: "", phone: "", institution: "" });
  const left = it.minutes_left ?? 0;
  const hours = Math.floor(Math.abs(left) / 60);
  const close = (outcome: "answered" | "refused") =>
    attempt(async () => {
      const changed = Object.fromEntries(Object.entries(fix).filter(([, value]) => value.trim()));
      await api.closeCase(it.id, { outcome, reason: ground.trim(), ...(outcome === "answered" ? changed : {}) });
      setClosing(false);
      await read();
    }, t("privacy.closed"));
  const field = (key: keyof typeof fix, label: string) => (
    <Field label={label}>
      <input maxLength={200} autocomplete="off" value={fix[key]} onInput={(event) => setFix({ ...fix, [key]: event.currentTarget.value })} />
    </Field>
  );
  const gone = it.kind === "erase" && it.state === "answered";
  return (
    <li data-case={it.id} class={it.state === "open" && left < 0 ? "privacy-late" : ""}>
      <b>{t(`privacy.kind.${it.kind}`)}</b>
      <span>
        {it.requester || t("none")}
        {it.purpose && ` · ${it.purpose}`}
      </span>
      <small>
        {it.state === "open" ? (
          <span class={`state-chip ${left < 0 ? "state-revoked" : "state-active"}`}>{t(left < 0 ? "privacy.overdue" : "privacy.left", { h: hours })}</span>
        ) : (
          `${t(`privacy.state.${it.state}`)} ${it.closed ? dayText(it.closed) : ""}`
        )}
      </small>
      <div class="privacy-acts">
        {!gone && (
          <a class="plain small" download href={addressOf("/cases/{id}/export.pdf", { at: { id: it.id } })}>
            {t("privacy.export_pdf")}
          </a>
        )}
        {!gone && (
          <a class="plain small" download href={addressOf("/cases/{id}/export.json", { at: { id: it.id } })}>
            {t("privacy.export_json")}
          </a>
        )}
        {it.state === "open" && !closing && (
          <Button size="small" data-close onClick={() => setClosing(true)}>
            {t("privacy.answer")} / {t("privacy.refuse")}
          </Button>
        )}
      </div>
      {closing && (
        <form class="toolbar privacy-form" onSubmit={(event) => event.preventDefault()}>
          {it.kind === "erase" && <p class="device-step">{t("privacy.erase_warning")}</p>}
          {it.kind === "correct" && (
            <>
              {field("name", t("privacy.new_name"))}
              {field("phone", t("privacy.new_phone"))}
              {field("institution", t("privacy.new_institution"))}
            </>
          )}
          <Field label={t("privacy.ground")} class="attention-why">
            <input name="ground" required maxLength={500} autocomplete="off" value={ground} onInput={(event) => setGround(event.currentTarget.value)} />
          </Field>
          <Button kind={it.kind === "erase" ? "danger" : "primary"} disabled={!ground.trim()} data-answer onClick={() => void close("answered")}>
            {t("privacy.answer")}
          </Button>
          <Button disabled={!ground.trim()} data-refuse onClick={() => void close("refused")}>
            {t("privacy.refuse")}
          </Button>
          <Button kind="quiet" onClick={() => setClosing(false)}>
            {t("cancel")}
          </Button>
        </form>
      )}
    </li>
  );
}

function Holds({ holds, read }: { holds: LegalHold[]; read: () => Promise<void> }) {
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
