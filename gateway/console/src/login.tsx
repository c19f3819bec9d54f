// SPDX-License-Identifier: Apache-2.0
// Sign in; or, before there is any account, make the first admin.

import { useEffect, useState } from "preact/hooks";
import { ApiError, api } from "./api";
import { Button } from "./components/button";
import { Field } from "./components/field";
import { problemText } from "./notes";
import { endedByDaemon, readSession } from "./session";
import { Switches } from "./ui/frame";
import { GateDrawing, Mark } from "./ui/mark";
import { t } from "./words";

export function Login() {
  const [setup, setSetup] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState("");
  const ended = endedByDaemon.value;
  useEffect(() => {
    api.setupNeeded().then(
      (answer) => setSetup(answer.needed),
      () => {},
    );
  }, []);

  async function submit(event: SubmitEvent) {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const field = (name: string) => String(form.get(name) ?? "");
    setBusy(true);
    setFailed("");
    try {
      if (setup) await api.setup(field("code").trim(), field("name").trim(), field("password"));
      await api.signIn(field("name").trim(), field("password"));
      await readSession();
    } catch (error) {
      const denied = error instanceof ApiError && (error.status === 401 || error.status === 403);
      setFailed(denied ? t(setup ? "setup.failed" : "login.failed") : problemText(error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <div class="login">
      <div class="login-gate">
        <GateDrawing />
        <p class="login-name">
          <Mark /> Gapura
        </p>
        <p class="login-tagline">{t("app.tagline")}</p>
      </div>
      <main class="login-panel">
        <div class="login-switches">
          <Switches />
        </div>
        <form onSubmit={submit} class="login-form">
          <h1>{t(setup ? "setup.title" : "login.title")}</h1>
          <p class="muted">{t(setup ? "setup.lead" : ended ? "login.draft_kept" : "login.lead")}</p>
          {setup && (
            <Field label={t("setup.code")}>
              <input name="code" required autocomplete="off" spellcheck={false} />
            </Field>
          )}
          <Field label={t("login.name")}>
            <input name="name" required autocomplete="username" autocapitalize="none" spellcheck={false} autofocus />
          </Field>
          <Field label={t("login.password")}>
            <input name="password" type="password" required minLength={setup ? 12 : undefined} autocomplete={setup ? "new-password" : "current-password"} />
          </Field>
          {setup && <p class="hint">{t("setup.password_hint")}</p>}
          <p class="form-error" role="alert">
            {failed}
          </p>
          <Button submit kind="primary" size="big" disabled={busy}>
            {t(setup ? "setup.submit" : "login.submit")}
          </Button>
          {!setup && <p class="hint">{t("login.forgot")}</p>}
        </form>
      </main>
    </div>
  );
}
