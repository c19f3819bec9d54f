// SPDX-License-Identifier: Apache-2.0
// The role decides the home screen.
import { useEffect } from "preact/hooks";
import { Adrift } from "./adrift";
import { Admin } from "./admin/admin";
import { Aide } from "./aide/aide";
import { Guard } from "./guard/guard";
import { startLive } from "./live";
import { Login } from "./login";
import { adrift, maybeSignedIn, readSession, session } from "./session";
import { useStore } from "./store";
import { Notes } from "./ui/frame";
import { ProofDialog } from "./ui/pin";
import { t, useLanguage } from "./words";

const homes = { guard: Guard, aide: Aide, admin: Admin };

export function App() {
  useLanguage();
  const who = useStore(session);
  useEffect(() => void (maybeSignedIn() ? readSession() : session.set(null)), []);
  useEffect(() => {
    if (who) void startLive(who.user);
    document.title = who ? `Gapura · ${who.site.name}` : "Gapura";
  }, [who?.user.id]);
  const lost = useStore(adrift);
  if (lost && !who) return <><Adrift /><Notes /></>;
  if (who === undefined) return <p class="loading">{t("app.loading")}</p>;
  const Home = who ? homes[who.user.role] : Login;
  return (
    <>
      <Home />
      <Notes />
      {who && <ProofDialog />}
    </>
  );
}
