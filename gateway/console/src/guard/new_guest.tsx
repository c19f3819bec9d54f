// SPDX-License-Identifier: Apache-2.0
// Register a walk-in or an expected guest, or complete what was left out: four required answers in the order a guard asks
// them, a portrait by one key (F2 again). "Quick" asks for the name alone and leaves a debt.

import { useEffect, useRef, useState } from "preact/hooks";
import { api, type Candidate, type Category, type Hours, pictureUrl, type Visit } from "../api";
import { Button } from "../components/button";
import { Field } from "../components/field";
import { Sheet } from "../components/sheet";
import { devices } from "../live";
import { attempt, tell } from "../notes";
import { cameraName } from "../sentences";
import { momentText } from "../time";
import { Still } from "../ui/pictures";
import { WhomChips } from "../ui/plan_form";
import { candidatesOf, isHere, SamePerson, someoneElse } from "../ui/same_person";
import { type PlainKey, recall, remember, t } from "../words";
import { bodyOf, type Draft, draftOf, dropDraft, emptyDraft, keepDraft, readDraft } from "./draft";
import { MoreFields } from "./more_fields";

const purposes: PlainKey[] = ["purpose.audience", "purpose.invitation", "purpose.report", "purpose.letter", "purpose.family", "purpose.service"];
const required = ["name", "purpose", "whom"] as const;

interface Props {
  from?: Visit; // a plan to register, or a visit in debt to complete
  onClose: () => void;
  onDone: (visit: Visit) => void;
}

export function NewGuest({ from, onClose, onDone }: Props) {
  const completes = from !== undefined && from.state !== "planned";
  const [draft, setDraft] = useState<Draft>(() => (from ? draftOf(from) : readDraft()));
  const [hours, setHours] = useState<Hours | null>(null);
  const [missing, setMissing] = useState<string[]>([]);
  const [busy, setBusy] = useState(false);
  const [unclear, setUnclear] = useState<{ candidates: Candidate[]; quick: boolean } | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const cameras = devices.value.filter((device) => device.kind === "camera" && device.online);
  const [chosen, setChosen] = useState(recall("gapura.portrait_camera") ?? "");
  const camera = cameras.find((one) => one.id === chosen) ?? cameras.find((one) => /lobby|lobi|pos|wait/.test(one.id)) ?? cameras[0];

  function change(part: Partial<Draft>) {
    if (part.name !== undefined || part.phone !== undefined) setUnclear(null);
    setDraft((old) => {
      const next = { ...old, ...part };
      if (!from) keepDraft(next);
      return next;
    });
  }
  // Kept from the first moment, so that a repeated attempt after a reload has the same key.
  useEffect(() => void (from || keepDraft(draft)), []);
  // The guard knows before the guest has answered a single question.
  useEffect(() => {
    if (!completes) api.hours(draft.category).then(setHours, () => {});
  }, [draft.category]);

  async function snap() {
    if (!camera) return;
    await attempt(async () => {
      const made = await api.takePicture(camera.id);
      change({ portrait: made.hash });
      tell(t("done.portrait"));
    });
  }

  // `person`: who it is, where the daemon has asked.
  async function submit(event?: Event, quick = false, person = from && !completes ? from.id : "") {
    event?.preventDefault();
    const lacking = (quick ? (["name"] as const) : required).filter((field) => !draft[field].trim());
    setMissing([...lacking]);
    if (lacking.length) {
      form.current?.querySelector<HTMLElement>(`[name="${lacking[0]}"]`)?.focus();
      return;
    }
    if (busy) return;
    setBusy(true);
    const body = { ...bodyOf(draft), ...(person ? { person } : {}) };
    await attempt(async () => {
      try {
        const made = completes ? await api.complete(from.id, body, draft.key) : await api.register(quick ? { ...body, quick } : body, draft.key);
        if (!from) dropDraft();
        tell(t(completes ? "done.completed" : "done.registered", { name: made.name }));
        onDone(made);
      } catch (error) {
        const candidates = candidatesOf(error);
        if (!candidates.length) throw error;
        setUnclear({ candidates, quick });
      }
    });
    setBusy(false);
  }

  // Who is here already has a visit: that one is shown, and none is made.
  async function same(one: Candidate) {
    if (!isHere(one) || !one.visit) return submit(undefined, unclear?.quick, one.person);
    const visit = one.visit;
    await attempt(async () => {
      const known = await api.visit(visit);
      if (!from) dropDraft();
      tell(t("same.already", { name: known.name }));
      onDone(known);
    });
  }

  function field(name: "name" | "purpose" | "whom" | "phone" | "institution", extra: Record<string, unknown> = {}) {
    const must = (required as readonly string[]).includes(name);
    const bad = missing.includes(name) && !draft[name].trim();
    return (
      <label class={bad ? "field-bad" : ""}>
        <span class="label">
          {t(`new.${name}`)} {!must && <small>{t("new.optional")}</small>}
        </span>
        <input
          name={name}
          value={draft[name]}
          autocomplete="off"
          aria-required={must}
          aria-invalid={bad}
          onInput={(event) => change({ [name]: event.currentTarget.value })}
          {...extra}
        />
      </label>
    );
  }

  return (
    <Sheet
      title={completes ? t("new.complete_title", { name: from.name }) : t("new.title")}
      class="dialog-new"
      onClose={onClose}
      onKey={(event) => {
        if (event.key === "F2" && !event.repeat) {
          event.preventDefault();
          void snap();
        } else if (event.key === "Enter" && event.ctrlKey) void submit(event);
        else if (/^F\d+$/.test(event.key)) event.preventDefault();
      }}
    >
      <form ref={form} class="new-form" onSubmit={submit} noValidate>
        <div class="new-fields">
          {from?.expected && !completes && <p class="notice">{t("new.expected", { time: momentText(from.expected) })}</p>}
          {hours && !hours.open && (
            <p class="notice notice-check">{t("new.hours_now", { rule: hours.rule ?? (hours.reason ? t(`hours.${hours.reason}`) : "–") })}</p>
          )}
          <div class="field-group">
            <div class="field-pair">
              {field("name", { "data-first": "", placeholder: t("new.name_hint"), maxLength: 200 })}
              {field("purpose", { maxLength: 200 })}
            </div>
            <div class="chips" role="group" aria-label={t("new.purpose")}>
              {purposes.map((key) => (
                <Button
                  key={key}
                  kind="chip"
                  aria-pressed={draft.purpose === t(key)}
                  onClick={() => {
                    change({ purpose: t(key) });
                    form.current?.querySelector<HTMLElement>('[name="whom"]')?.focus();
                  }}
                >
                  {t(key)}
                </Button>
              ))}
            </div>
          </div>
          <div class="whom-row">
            <div class="field-group">
              {field("whom", { maxLength: 200, list: "whom-list" })}
              <WhomChips whom={draft.whom} onPick={(whom) => change({ whom })} />
            </div>
            <fieldset class="segments" disabled={completes}>
              <legend>{t("new.category")}</legend>
              {(["general", "special"] as Category[]).map((one) => (
                <label key={one} class={`segment segment-${one}`}>
                  <input type="radio" name="category" checked={draft.category === one} onChange={() => change({ category: one })} />
                  <span>{t(`category.${one}`)}</span>
                </label>
              ))}
            </fieldset>
          </div>
          <div class="field-pair">
            {field("phone", { inputMode: "tel", maxLength: 40 })}
            {field("institution", { maxLength: 200 })}
          </div>
          <MoreFields draft={draft} fixed={completes} onChange={change} />
        </div>
        <div class="new-portrait">
          <p class="label">{t("new.portrait")}</p>
          <div class="new-picture">
            {draft.portrait ? (
              <img class="still" src={pictureUrl(draft.portrait)} alt={t("new.portrait")} />
            ) : camera ? (
              <Still camera={camera.id} label={cameraName(camera.id)} />
            ) : (
              <span class="still still-none">{t("new.no_camera")}</span>
            )}
          </div>
          <Button disabled={!camera} onClick={() => (draft.portrait ? change({ portrait: "" }) : void snap())}>
            <kbd>F2</kbd> {t(draft.portrait ? "new.retake" : "new.take")}
          </Button>
          {cameras.length > 1 && (
            <Field label={t("new.camera")} class="small-label">
              <select
                value={camera?.id}
                onChange={(event) => {
                  remember("gapura.portrait_camera", event.currentTarget.value);
                  setChosen(event.currentTarget.value);
                }}
              >
                {cameras.map((one) => (
                  <option key={one.id} value={one.id}>
                    {cameraName(one.id)}
                  </option>
                ))}
              </select>
            </Field>
          )}
          <p class="hint">{t("new.notice")}</p>
        </div>
        {unclear && (
          <SamePerson
            name={draft.name}
            candidates={unclear.candidates}
            busy={busy}
            yes={(one) => t(isHere(one) ? "same.open" : "same.yes", { name: one.name })}
            onYes={(one) => void same(one)}
            onNo={() => void submit(undefined, unclear.quick, someoneElse)}
          />
        )}
        <footer class="dialog-foot new-foot">
          <p class="form-error" role="alert">
            {missing.length > 0 && t("new.missing", { fields: missing.map((name) => t(`new.${name}` as PlainKey)).join(", ") })}
          </p>
          {!from && (
            <Button
              kind="quiet"
              title={t("new.draft")}
              onClick={() => {
                dropDraft();
                setDraft(emptyDraft());
                setMissing([]);
              }}
            >
              {t("new.clear")}
            </Button>
          )}
          {!completes && (
            <Button data-quick disabled={busy} onClick={(event) => void submit(event, true)}>
              {t("new.quick")}
            </Button>
          )}
          <Button submit kind="primary" size="big" disabled={busy}>
            <kbd>Enter</kbd> {t(completes ? "new.complete_submit" : "new.submit")}
          </Button>
        </footer>
      </form>
    </Sheet>
  );
}
