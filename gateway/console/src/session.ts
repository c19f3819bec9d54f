// SPDX-License-Identifier: Apache-2.0
// Who is signed in at this browser.
import { api, whenSignedOut, type Session } from "./api";
import { stopLive } from "./live";
import { makeStore } from "./store";
import { setZone } from "./time";
import { recall, setLanguage } from "./words";

// undefined while it is being asked.
export const session = makeStore<Session | null | undefined>(undefined);
export const endedByDaemon = makeStore(false);

export async function readSession() {
  try {
    const now = await api.session();
    setZone(now.site.timezone);
    if (!recall("gapura.language")) setLanguage(now.site.language === "en" ? "en" : "id");
    endedByDaemon.set(false);
    session.set(now);
  } catch {
    session.set(null);
  }
}

export async function signOut() {
  await api.signOut().catch(() => {});
  sessionStorage.removeItem("gapura.draft"); // the next person at this browser must not see it
  stopLive();
  session.set(null);
}

whenSignedOut(() => {
  if (!session.get()) return;
  stopLive();
  endedByDaemon.set(true);
  session.set(null);
});
