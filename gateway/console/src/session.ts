// SPDX-License-Identifier: Apache-2.0
// Who is signed in at this browser.

import { signal } from "@preact/signals";
import { ApiError, api, type Session, whenSignedOut, whenViewOnly } from "./api";
import { stopLive } from "./following";
import { forgetMuster, readMuster } from "./muster";
import { setZone } from "./time";
import { chosenLanguage, recall, remember, setLanguage } from "./words";

// undefined while it is being asked.
export const session = signal<Session | null | undefined>(undefined);
export const endedByDaemon = signal(false);
// The page came up while the post does not answer: who is signed in is not known.
export const adrift = signal(false);
// Thirty idle minutes on a device with a PIN: the screen is view only, and an act asks for the PIN.
export const viewOnly = signal(false);
// What waits for the PIN; empty: nothing is asked.
export const proofs = signal<((given: boolean) => void)[]>([]);
export const askProof = () =>
  new Promise<boolean>((done) => {
    proofs.value = [...proofs.value, done];
  });
export function proofEnds(given: boolean) {
  const all = proofs.value;
  proofs.value = [];
  if (given) {
    viewOnly.value = false;
    void readMuster(); // marks that were kept for it
  }
  for (const done of all) done(given);
}
whenViewOnly((only) => {
  viewOnly.value = only;
}, askProof);
const again_ms = 3000;
let asking = 0;

const mark = "gapura.signed_in";
// Stamps are the site's also when the page comes up without a line.
const zone = "gapura.zone";
const known = recall(zone);
if (known) setZone(known);
// A browser that never signed in is not asked for: the daemon would answer 401, which is an error line in its console.
export const maybeSignedIn = () => recall(mark) === "yes";

export async function readSession() {
  window.clearTimeout(asking);
  try {
    const now = await api.session();
    setZone(now.site.timezone);
    remember(zone, now.site.timezone);
    if (!chosenLanguage()) await setLanguage(now.site.language).catch(() => {});
    endedByDaemon.value = false;
    adrift.value = false;
    remember(mark, "yes");
    session.value = now;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) remember(mark, "no");
    if (error instanceof ApiError && error.kind === "offline" && !session.value) {
      adrift.value = true;
      asking = window.setTimeout(() => void readSession(), again_ms);
      return;
    }
    adrift.value = false;
    session.value = null;
  }
}

export async function signOut() {
  await api.signOut().catch(() => {});
  sessionStorage.removeItem("gapura.draft"); // the next person at this browser must not see it
  forgetMuster();
  remember(mark, "no");
  stopLive();
  viewOnly.value = false;
  session.value = null;
}

// What the page asks by itself keeps no session alive; hands at the screen do, although a quiet post sends nothing for hours.
const alive_ms = 5 * 60_000;
let saidAt = Date.now();
for (const gesture of ["pointerdown", "keydown"]) {
  addEventListener(
    gesture,
    () => {
      if (!session.value || Date.now() - saidAt < alive_ms) return;
      saidAt = Date.now();
      void api.session().catch(() => {});
    },
    { passive: true },
  );
}

whenSignedOut(() => {
  if (!session.value) return;
  proofEnds(false);
  viewOnly.value = false;
  stopLive();
  endedByDaemon.value = true;
  session.value = null;
});
