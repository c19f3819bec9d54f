// SPDX-License-Identifier: Apache-2.0
// The role decides the home screen, each a bundle of its own that is loaded when it is known who signed in.

import type { FunctionComponent } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Adrift } from "./adrift";
import { Button } from "./components/button";
import { Toasts } from "./components/toast";
import { startLive } from "./following";
import { Login } from "./login";
import { adrift, maybeSignedIn, readSession, session } from "./session";
import type { Role } from "./shapes";
import { ProofDialog } from "./ui/pin";
import { t } from "./words";

const homes: Record<Role, () => Promise<FunctionComponent>> = {
  guard: () => import("./guard/guard").then((one) => one.Guard),
  aide: () => import("./aide/aide").then((one) => one.Aide),
  admin: () => import("./admin/admin").then((one) => one.Admin),
};

function Home({ role }: { role: Role }) {
  const [Screen, set] = useState<FunctionComponent | null>(null);
  const [failed, fail] = useState(false);
  useEffect(
    () =>
      void homes[role]().then(
        (one) => set(() => one),
        () => fail(true),
      ),
    [],
  );
  if (Screen) return <Screen />;
  if (!failed) return <p class="loading">{t("app.loading")}</p>;
  // The line was cut, or the daemon was replaced since the page came: its newest page names the files of today.
  return (
    <p class="loading" role="alert">
      {t("loading_failed")}{" "}
      <Button kind="primary" onClick={() => location.reload()}>
        {t("try_again")}
      </Button>
    </p>
  );
}

export function App() {
  const who = session.value;
  useEffect(() => {
    if (maybeSignedIn()) void readSession();
    else session.value = null;
  }, []);
  useEffect(() => {
    if (who) void startLive(who.user);
    document.title = who ? `Gapura · ${who.site.name}` : "Gapura";
  }, [who?.user.id]);
  const lost = adrift.value;
  if (lost && !who)
    return (
      <>
        <Adrift />
        <Toasts />
      </>
    );
  if (who === undefined) return <p class="loading">{t("app.loading")}</p>;
  return (
    <>
      {who ? <Home key={who.user.role} role={who.user.role} /> : <Login />}
      <Toasts />
      {who && <ProofDialog />}
    </>
  );
}
