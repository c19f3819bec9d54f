// SPDX-License-Identifier: Apache-2.0
// The desk for people who ask about their own data: who it is, the case that is opened, its export and its answer.

import { useState } from "preact/hooks";
import { addressOf, api, type Case, type CaseKind, type Subject } from "../api";
import { Button } from "../components/button";
import { Field } from "../components/field";
import { attempt } from "../notes";
import { dayText } from "../time";
import { t } from "../words";

const kinds: CaseKind[] = ["access", "correct", "restrict", "erase", "object"];

export function Desk({ cases, read }: { cases: Case[]; read: () => Promise<void> }) {
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
