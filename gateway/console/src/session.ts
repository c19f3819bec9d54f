// SPDX-License-Identifier: Apache-2.0
// Who is signed in at this browser.
import { api, ApiError, whenSignedOut, type Session } from "./api";
import { forgetMuster } from "./muster";
import { stopLive } from "./live";
import { makeStore } from "./store";
import { setZone } from "./time";
import { recall, remember, setLanguage } from "./words";

// undefined while it is being asked.
export const session = makeStore<Session | null | undefined>(undefined);
export const endedByDaemon = makeStore(false);

const mark = "gapura.signed_in";
// A browser that never signed in is not asked for: the daemon would answer 401, which is an error line in its console.
export const maybeSignedIn = () => recall(mark) === "yes";

export async function readSession() {
  try {
    const now = await api.session();
    setZone(now.site.timezone);
    if (!recall("gapura.language")) setLanguage(now.site.language === "en" ? "en" : "id");
    endedByDaemon.set(false);
    remember(mark, "yes");
    session.set(now);
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) remember(mark, "no");
    session.set(null);
  }
}

export async function signOut() {
  await api.signOut().catch(() => {});
  sessionStorage.removeItem("gapura.draft"); // the next person at this browser must not see it
  forgetMuster();
  remember(mark, "no");
  stopLive();
  session.set(null);
}

// What the page asks by itself keeps no session alive; hands at the screen do, although a quiet post sends nothing for hours.
const alive_ms = 5 * 60_000;
let told = Date.now();
for (const gesture of ["pointerdown", "keydown"]) {
  addEventListener(gesture, () => {
    if (!session.get() || Date.now() - told < alive_ms) return;
    told = Date.now();
    void api.session().catch(() => {});
  }, { passive: true });
}

whenSignedOut(() => {
  if (!session.get()) return;
  stopLive();
  endedByDaemon.set(true);
  session.set(null);
});
