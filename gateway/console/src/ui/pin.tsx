// SPDX-License-Identifier: Apache-2.0
// The PIN of this device: set after the password, given after thirty idle minutes. Meanwhile the screen says that it is view only.

import { useEffect, useRef, useState } from "preact/hooks";
import { ApiError, api } from "../api";
import { Banner, BannerAct } from "../components/banner";
import { Button } from "../components/button";
import { Field } from "../components/field";
import { Sheet } from "../components/sheet";
import { problemText, tell } from "../notes";
import { askProof, proofEnds, proofs, session, viewOnly } from "../session";
import { type PlainKey, t } from "../words";

const settable_ms = 5 * 60_000; // as the daemon has it

function Digits({ name, label, first = false, kind }: { name: string; label: string; first?: boolean; kind: "current-password" | "new-password" }) {
  return (
    <Field label={label}>
      <input
        name={name}
        type="password"
        inputMode="numeric"
        required
        minLength={6}
        maxLength={12}
        pattern="[0-9]{6,12}"
        autocomplete={kind}
        data-first={first ? "" : undefined}
        title={t("pin.rule")}
      />
    </Field>
  );
}

function reason(error: unknown): string {
  if (!(error instanceof ApiError)) return problemText(error);
  const words: Record<string, PlainKey> = { wrong_pin: "pin.wrong", too_many: "pin.too_many", bad_input: "pin.weak", not_permitted: "pin.late" };
  const key = words[error.kind];
  return key ? t(key) : problemText(error);
}

// Over whatever is open, since an act has been asked for and waits.
export function ProofDialog() {
  const waiting = proofs.value.length > 0;
  return waiting ? <Proof /> : null;
}

function Proof() {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState("");
  const form = useRef<HTMLFormElement>(null);
  async function submit(event: SubmitEvent) {
    event.preventDefault();
    const pin = String(new FormData(event.currentTarget as HTMLFormElement).get("pin") ?? "");
    setBusy(true);
    setFailed("");
    try {
      await api.prove(pin);
      proofEnds(true);
    } catch (error) {
      form.current?.reset();
      setBusy(false);
      setFailed(reason(error));
      form.current?.querySelector("input")?.focus();
    }
  }
  return (
    <Sheet title={t("pin.ask_title")} class="dialog-pin" onClose={() => proofEnds(false)}>
      <form ref={form} class="stack" data-proof onSubmit={submit}>
        <p>{t("pin.ask_lead", { name: session.value?.user.name ?? "" })}</p>
        <Digits name="pin" label={t("pin.pin")} first kind="current-password" />
        <p class="form-error" role="alert">
          {failed}
        </p>
        <Button submit kind="primary" size="big" disabled={busy}>
          {t("pin.give")}
        </Button>
      </form>
    </Sheet>
  );
}

export function SetPin({ onClose }: { onClose: () => void }) {
  const [failed, setFailed] = useState("");
  const [busy, setBusy] = useState(false);
  async function submit(event: SubmitEvent) {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const pin = String(form.get("pin") ?? "");
    if (pin !== form.get("again")) return setFailed(t("pin.differ"));
    setBusy(true);
    setFailed("");
    try {
      await api.setPin(pin);
      session.value = session.value && { ...session.value, pin: true };
      tell(t("pin.done"));
      onClose();
    } catch (error) {
      setFailed(reason(error));
    } finally {
      setBusy(false);
    }
  }
  return (
    <Sheet title={t("pin.set_title")} class="dialog-pin" onClose={onClose}>
      <form class="stack" data-set-pin onSubmit={submit}>
        <p>{t(session.value?.user.role === "guard" ? "pin.set_guard" : "pin.set_aide")}</p>
        <Digits name="pin" label={t("pin.pin")} first kind="new-password" />
        <Digits name="again" label={t("pin.again")} kind="new-password" />
        <p class="hint">{t("pin.rule")}</p>
        <p class="form-error" role="alert">
          {failed}
        </p>
        <Button submit kind="primary" size="big" disabled={busy}>
          {t("pin.set")}
        </Button>
      </form>
    </Sheet>
  );
}

// Says what this screen may do now; or offers the PIN while it can be set.
export function PinBanner() {
  const only = viewOnly.value;
  const who = session.value;
  const [later, setLater] = useState(false);
  const [open, setOpen] = useState(false);
  const offered = who?.pin_settable && !who.pin && !later;
  useEffect(() => {
    if (!offered) return;
    const timer = setTimeout(() => setLater(true), settable_ms);
    return () => clearTimeout(timer);
  }, [offered]);
  const role = who?.user.role === "guard" ? "guard" : "aide";
  return (
    <>
      {only && (
        <Banner kind="empty" role="status" data-view-only>
          <strong>{t("pin.view_only")}</strong> <span>{t(`pin.view_only_${role}`)}</span>
          <BannerAct onClick={() => void askProof()}>{t("pin.give")}</BannerAct>
        </Banner>
      )}
      {offered && !only && (
        <Banner class="pin-offer" data-pin-offer>
          <span>{t(`pin.offer_${role}`)}</span>
          <BannerAct onClick={() => setOpen(true)}>{t("pin.set")}</BannerAct>
          <Button kind="quiet" onClick={() => setLater(true)}>
            {t("pin.later")}
          </Button>
        </Banner>
      )}
      {open && <SetPin onClose={() => setOpen(false)} />}
    </>
  );
}

// Of the account's menu: is there a PIN here, and how one gets another.
export function PinMenu() {
  const who = session.value;
  const [open, setOpen] = useState(false);
  if (!who) return null;
  return (
    <>
      <p class="muted pin-state">
        {t(who.pin ? "pin.is_set" : "pin.is_not_set")} {who.pin_settable ? "" : t("pin.how")}
      </p>
      {who.pin_settable && (
        <Button data-pin-menu onClick={() => setOpen(true)}>
          {t(who.pin ? "pin.change" : "pin.set")}
        </Button>
      )}
      {open && <SetPin onClose={() => setOpen(false)} />}
    </>
  );
}
