// SPDX-License-Identifier: Apache-2.0
// The keys of the post. F-keys act on the card that was last in focus; while a sheet is open, the keys are the sheet's.
import type { Visit } from "../api";
import { feed, portals } from "../live";
import { metal } from "../metal";
import { tell } from "../notes";
import { undoNewest } from "../undo";
import { type Act, accepted, canEscort, canHaveCard, hasLeft, isInside, isPlanned, screened, stoppedCard } from "../visit";
import { t } from "../words";
import type { SheetState } from "./sheets";

interface Desk {
  all: Visit[];
  selected: string | null;
  find: (id: string | null) => Visit | undefined;
  act: (kind: Act, visit: Visit) => void;
  open: (sheet: SheetState) => void;
  search: HTMLInputElement | null;
}

// While metal waits for the guard, F5 is for who sounded and no other card's: whom the detector names, else whom the guard
// picks among those who are still to be screened.
const toScreen = (one: Visit) => !isPlanned(one) && !screened(one) && !isInside(one) && !hasLeft(one);
function screen(visit: Visit | undefined, { all, act }: Desk) {
  const sounded = metal.value;
  const own = visit && (!sounded.length || sounded.some((one) => one.visit?.id === visit.id));
  const named = sounded[0]?.visit; // as the band says
  if (named && !own) return act("screen", named);
  if (visit && (own || toScreen(visit) || !all.some(toScreen))) return act("screen", visit);
  if (sounded.length) tell(t("metal.pick"));
}

// Read last at a door that leads out of the house: refused there too, a guest wants out. Things in the locker say nothing of
// it, they are left on the way in.
function atExit(visit: Visit): boolean {
  const scan = feed.value.find((one) => one.visit === visit.id && one.type.startsWith("access_"));
  return !!scan && portals.value.some((portal) => portal.points.some((one) => one.id === scan.point && one.to === "outside"));
}
// F7 takes the guest along, in whichever direction: to the host, or out.
const along = (visit: Visit): Act =>
  !atExit(visit) && (canEscort(visit) || (/^(requested|started|at_door)$/.test(visit.escort) && !isInside(visit))) ? "escort" : "exit";

export function onPostKey(event: KeyboardEvent, desk: Desk) {
  if (document.querySelector("dialog[open]")) return;
  const { act, open } = desk;
  const typing = event.target instanceof HTMLInputElement && event.target.value !== "";
  if (event.ctrlKey && event.key === "z" && !typing) {
    event.preventDefault();
    return undoNewest();
  }
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  // Where the focus is now: the drawing that marks the card as selected may still be to come.
  const focused = document.activeElement?.closest<HTMLElement>("[data-visit]")?.dataset.visit;
  const found = desk.find(focused ?? desk.selected);
  const visit = found && !isPlanned(found) ? found : undefined;
  const run: Record<string, () => void> = {
    F1: () => open({ kind: "keys" }),
    F2: () => open({ kind: "new" }),
    "Shift+F4": () => visit && canHaveCard(visit) && open({ kind: "stock", visit: visit.id }),
    F4: () => visit && accepted(visit) && act(stoppedCard(visit) ? "stopped_card" : visit.badge ? "rebadge" : "badge", visit),
    F5: () => screen(visit, desk),
    F6: () => visit && !accepted(visit) && act("ask", visit),
    F7: () => visit && act(along(visit), visit),
    F8: () => visit && act("verbal", visit),
    F10: () => open({ kind: "shift" }),
  };
  const key = event.shiftKey && `Shift+${event.key}` in run ? `Shift+${event.key}` : event.key;
  const inField = event.target instanceof HTMLInputElement;
  if (run[key]) {
    event.preventDefault(); // F5 must not reload the page under a guard's hands
    run[key]();
  } else if (event.key === "/" && !inField) {
    event.preventDefault();
    desk.search?.focus();
  } else if (event.key === "?" && !inField) open({ kind: "keys" });
}
