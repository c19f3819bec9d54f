// SPDX-License-Identifier: Apache-2.0
// What the reader on the guard's desk read opens what it is: the exit of a guest who leaves, the visit of one who is still
// on the way in, the binding of a stock card; anything else is said, with a sound. A form that is being filled in is left
// alone: the scan waits beside it until the guard opens it.
import { api, type Entry, type Visit } from "../api";
import { visits } from "../live";
import { announce, complain, tell } from "../notes";
import { playTone } from "../tones";
import { canHaveCard, hasLeft, isInside, isPlanned, turnedDown } from "../visit";
import { coded, t } from "../words";
import type { SheetState } from "./sheets";
import { cardNumber, stockCardOf } from "./stock_sheet";

interface Desk {
  current: Visit | undefined; // the guest whose card was last in focus
  sheet: SheetState | null;
  open: (sheet: SheetState) => void;
}

const strange = /^(unknown_badge|malformed_payload|ambiguous_scan)$/;
const in_order = /^(issued|active)$/;

function isBusy(): boolean {
  const field = document.activeElement;
  return document.querySelector("dialog[open]") !== null || (field instanceof HTMLInputElement && field.value !== "");
}

function sheetOf(visit: Visit, state: string): SheetState {
  if (isPlanned(visit)) return { kind: "form", from: visit };
  const leaves = isInside(visit) || hasLeft(visit) || turnedDown(visit) || visit.state === "unaccounted";
  return { kind: leaves && in_order.test(state) ? "exit" : "detail", visit: visit.id };
}

function openOrNote(desk: Desk, sheet: SheetState, text: string) {
  if (desk.sheet && "visit" in desk.sheet && "visit" in sheet && desk.sheet.visit === sheet.visit) return; // it is on the screen
  if (isBusy()) announce(text, t("scan.open"), () => desk.open(sheet), 60_000);
  else desk.open(sheet);
}

function onStockCard(desk: Desk, card: string) {
  if (desk.sheet?.kind === "stock") return; // the sheet takes it
  const { current } = desk;
  if (!current || !canHaveCard(current)) return void tell(t("stock.choose_guest", { id: cardNumber(card) }));
  openOrNote(desk, { kind: "stock", visit: current.id, shown: card }, t("scan.stock", { id: cardNumber(card), name: current.name }));
}

async function onBadge(desk: Desk, entry: Entry, state: string) {
  if (!entry.visit) {
    const badge = await api.badge(entry.badge!);
    return void tell(t("code.staff", { name: badge.name, state: coded("badge", badge.state) }));
  }
  const visit = visits.value.find((one) => one.id === entry.visit) ?? (await api.visit(entry.visit));
  const words = { name: visit.name, state: coded("badge", state) };
  if (visit.closed || !in_order.test(state)) {
    playTone("check");
    complain(t(visit.closed ? "scan.closed" : "scan.not_in_order", words));
  }
  if (!visit.closed) openOrNote(desk, sheetOf(visit, state), t("scan.waits", words));
}

// True for an entry of the desk's reader; what the return box takes is no matter of the screen.
export function onDeskScan(entry: Entry, desk: Desk): boolean {
  if (entry.type !== "badge_presented" || entry.data.desk === "return_box") return false;
  const state = String(entry.data.is);
  const card = stockCardOf(entry);
  if (card) onStockCard(desk, card);
  else if (entry.badge && !strange.test(state)) {
    void onBadge(desk, entry, state).catch(() => {
      playTone("check");
      complain(t("scan.not_shown")); // of another day, or the post is offline
    });
  } else {
    playTone("check");
    complain(coded("scan", state));
  }
  return true;
}
