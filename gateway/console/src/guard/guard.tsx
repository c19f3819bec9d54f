// SPDX-License-Identifier: Apache-2.0
// The post: one monitor, the keyboard first. One sheet is open at a time; F-keys act on the card that was last in focus.

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { addressOf, api, type Visit } from "../api";
import { Button } from "../components/button";
import { alarms, feed, onEntry, portals, status, visits } from "../live";
import { followMetal, metal } from "../metal";
import { attempt, tell } from "../notes";
import { playTone } from "../tones";
import { useFound } from "../ui/find_visits";
import { Banners } from "../ui/frame";
import { Beyond } from "../ui/more";
import { PinBanner } from "../ui/pin";
import { offerUndo, undoNewest } from "../undo";
import { followVerdicts } from "../verdict";
import {
  type Act,
  accepted,
  canEscort,
  canHaveCard,
  hasCode,
  hasLeft,
  isBadgeCode,
  isInside,
  isPlanned,
  lacksBadges,
  matches,
  printUnsure,
  screened,
  stoppedCard,
} from "../visit";
import { t } from "../words";
import { actAtOnce } from "./acts";
import { Board } from "./board";
import { CameraStrip } from "./camera_strip";
import { followDecisions } from "./decisions";
import { onDeskScan } from "./desk_scan";
import { Feed } from "./feed";
import { findByCode } from "./find_code";
import { PanicButton, usePanic } from "./panic";
import { PostBanners } from "./post_banners";
import { OpenSheet, type SheetState } from "./sheets";
import { StatusLine } from "./status_line";
import { VerdictBand } from "./verdict_band";
import "../styles/band.css";
import "../styles/guard_narrow.css";

// Acts that open the sheet of the visit.
const sheetOf = {
  screen: "screen",
  exit: "exit",
  leave: "exit",
  deposit_back: "exit",
  verbal: "verbal",
  rebadge: "rebadge",
  escort: "escort",
  attention: "attention",
  answer: "answer",
  stopped_card: "stopped_card",
} as const;

// By itself, so that a reading of the status does not draw hundreds of cards again.
function Leader() {
  const leader = status.value?.leader;
  return leader ? (
    <p class="leader" data-leader={leader}>
      <small>{t("leader.title")}</small> {t(`leader.${leader}`)}
    </p>
  ) : null;
}

export function Guard() {
  const all = visits.value;
  const [sheet, setSheet] = useState<SheetState | null>(null);
  const [selected, setSelected] = useState<string | null>(null);
  const [text, setText] = useState("");
  const search = useRef<HTMLInputElement>(null);
  const busy = useRef(new Set<string>());
  const panic = usePanic(() => setSheet({ kind: "emergency" }));

  useEffect(() => followVerdicts(), []);
  useEffect(() => offerUndo(), []);
  useEffect(() => followMetal(), []);
  useEffect(() => followDecisions((id) => setSheet({ kind: "detail", visit: id })), []);
  useEffect(() => {
    // Metal has a tone of its own, also for the reminder that nothing was done about it.
    const numbers = () => alarms.value.filter((one) => one.kind !== "screening_undisposed").map((one) => one.number);
    let known = new Set(numbers());
    return alarms.subscribe(() => {
      if (numbers().some((one) => !known.has(one))) playTone("alarm");
      known = new Set(numbers());
    });
  }, []);

  const found = useFound(text);
  const find = (id: string | null) => all.find((visit) => visit.id === id) ?? found.rows.find((visit) => visit.id === id);

  const atDesk = useRef({ sheet, selected });
  atDesk.current = { sheet, selected };
  useEffect(
    () =>
      onEntry((entry) => {
        const now = atDesk.current;
        onDeskScan(entry, { current: visits.value.find((one) => one.id === now.selected), sheet: now.sheet, open: setSheet });
      }),
    [],
  );

  const debts = all.filter((visit) => visit.in_debt).length;

  async function giveBadge(visit: Visit) {
    await attempt(async () => {
      const issued = await api.issueBadge(visit.id, lacksBadges(visit) ? { another: true } : {});
      setSheet({ kind: "badge", issued, visit: visit.id });
    });
  }

  async function act(kind: Act, visit: Visit) {
    setSelected(visit.id);
    const unsure = kind === "check_print" && printUnsure(visit);
    if (unsure) {
      // Its text lives in the daemon's memory for ten minutes, for the session that had it made.
      const at = { id: unsure.id };
      const issued = { badge: unsure, token: null, qr: addressOf("/badges/{id}/qr.png", { at }), page: addressOf("/badges/{id}/page", { at }) };
      return setSheet({ kind: "badge", issued, visit: visit.id });
    }
    if (kind === "arrive" || kind === "complete") return setSheet({ kind: "form", from: visit });
    const next = kind === "rebadge" && lacksBadges(visit); // the party's next badge needs no reason
    if (kind in sheetOf && !next) return setSheet({ kind: sheetOf[kind as keyof typeof sheetOf], visit: visit.id });
    if (busy.current.has(visit.id)) return; // Enter held down, or pressed twice
    busy.current.add(visit.id);
    try {
      if (kind === "badge" || next) await giveBadge(visit);
      else await actAtOnce(kind, visit);
    } finally {
      busy.current.delete(visit.id);
    }
  }

  // The detector's sheet of the guest at whom it sounded.
  const openScreening = (id: string | undefined) => id && setSheet({ kind: "screen", visit: id });

  // While metal waits for the guard, F5 is for who sounded and no other card's: whom the detector names, else whom the guard
  // picks among those who are still to be screened.
  const toScreen = (one: Visit) => !isPlanned(one) && !screened(one) && !isInside(one) && !hasLeft(one);
  function screen(visit: Visit | undefined) {
    const sounded = metal.value;
    const own = visit && (!sounded.length || sounded.some((one) => one.visit?.id === visit.id));
    const named = sounded[0]?.visit; // as the band says
    if (named && !own) return void act("screen", named);
    if (visit && (own || toScreen(visit) || !all.some(toScreen))) return void act("screen", visit);
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

  function onKey(event: KeyboardEvent) {
    if (document.querySelector("dialog[open]")) return;
    const typing = event.target instanceof HTMLInputElement && event.target.value !== "";
    if (event.ctrlKey && event.key === "z" && !typing) {
      event.preventDefault();
      return undoNewest();
    }
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    // Where the focus is now: the drawing that marks the card as selected may still be to come.
    const focused = document.activeElement?.closest<HTMLElement>("[data-visit]")?.dataset.visit;
    const found = find(focused ?? selected);
    const visit = found && !isPlanned(found) ? found : undefined;
    const run: Record<string, () => void> = {
      F1: () => setSheet({ kind: "keys" }),
      F2: () => setSheet({ kind: "new" }),
      "Shift+F4": () => visit && canHaveCard(visit) && setSheet({ kind: "stock", visit: visit.id }),
      F4: () => visit && accepted(visit) && void act(stoppedCard(visit) ? "stopped_card" : visit.badge ? "rebadge" : "badge", visit),
      F5: () => screen(visit),
      F6: () => visit && !accepted(visit) && void act("ask", visit),
      F7: () => visit && void act(along(visit), visit),
      F8: () => visit && void act("verbal", visit),
      F10: () => setSheet({ kind: "shift" }),
    };
    const key = event.shiftKey && `Shift+${event.key}` in run ? `Shift+${event.key}` : event.key;
    if (run[key]) {
      event.preventDefault(); // F5 must not reload the page under a guard's hands
      run[key]();
    } else if (event.key === "/" && !(event.target instanceof HTMLInputElement)) {
      event.preventDefault();
      search.current?.focus();
    } else if (event.key === "?" && !(event.target instanceof HTMLInputElement)) setSheet({ kind: "keys" });
  }
  // With the drawing and not after it: whoever sees the board may press a key.
  useLayoutEffect(() => {
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  });

  function onSearch(value: string) {
    // Badges are read by the daemon's scanners. A wedge scanner typing here would leave a secret on the screen.
    if (/^G1:/i.test(value)) {
      setText("");
      tell(t("board.token_typed"));
      return;
    }
    setText(value);
  }
  const held = all.filter((one) => matches(one, text));
  const shown = [...held, ...found.rows.filter((one) => !all.some((other) => other.id === one.id))];
  // A whole printed number, unless it is also somebody's name.
  const asCode = isBadgeCode(text) && shown.every((one) => hasCode(one, text));
  const findCode = () =>
    findByCode(text, (id) => {
      setText("");
      setSelected(id);
      setSheet({ kind: "detail", visit: id });
    });
  // The next act is on the new card: Enter does it.
  function focusCard(visit: Visit) {
    setSelected(visit.id);
    requestAnimationFrame(() => requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-visit="${visit.id}"] [data-card-button]`)?.focus()));
  }

  return (
    <div class="guard">
      <StatusLine onShift={() => setSheet({ kind: "shift" })} />
      <VerdictBand onOpen={(id) => setSheet({ kind: "detail", visit: id })} onScreen={openScreening} />
      <PostBanners onMuster={() => setSheet({ kind: "muster" })} />
      <Banners manual />
      <PinBanner />
      <div class="guard-body">
        <main class="guard-main">
          <div class="toolbar">
            <div class="search">
              <input
                ref={search}
                aria-label={t("board.search")}
                type="search"
                value={text}
                placeholder={t("board.search")}
                onInput={(event) => onSearch(event.currentTarget.value)}
                onKeyDown={(event) => {
                  if (event.key !== "Enter" && event.key !== "ArrowDown") return;
                  event.preventDefault();
                  if (event.key === "Enter" && asCode) return void findCode();
                  document.querySelector<HTMLElement>(".board [data-card-button]")?.focus();
                }}
              />
              {asCode ? (
                <Button kind="primary" size="small" data-find-code onClick={() => void findCode()}>
                  {t("code.find")} <kbd>⏎</kbd>
                </Button>
              ) : (
                <kbd>/</kbd>
              )}
            </div>
            <Leader />
            <Button kind="primary" onClick={() => setSheet({ kind: "new" })}>
              <kbd>F2</kbd> {t("board.new")}
            </Button>
            {debts > 0 && (
              <button type="button" class="debts-button" data-debts onClick={() => setSheet({ kind: "debts" })}>
                {t("debts.button")} <b>{debts}</b>
              </button>
            )}
            <Button data-plan onClick={() => setSheet({ kind: "plan" })}>
              {t("plan.open")}
            </Button>
            <Button data-release onClick={() => setSheet({ kind: "release" })}>
              {t("board.release")}
            </Button>
            <PanicButton panic={panic} />
          </div>
          <Beyond search />
          <Board
            found={found}
            visits={shown}
            text={text}
            selected={selected}
            onSelect={setSelected}
            onAct={(kind, one) => void act(kind, one)}
            onOpen={(one) => {
              setSelected(one.id);
              setSheet({ kind: "detail", visit: one.id });
            }}
          />
        </main>
        <aside class="guard-side">
          <CameraStrip />
          <Feed />
        </aside>
      </div>
      {panic.since !== null && (
        <p class="panic-over" role="alert">
          {t("panic.keep")}
        </p>
      )}
      {sheet && (
        <OpenSheet
          key={`${sheet.kind}${"visit" in sheet ? sheet.visit : ""}`}
          sheet={sheet}
          visit={"visit" in sheet ? find(sheet.visit) : undefined}
          panic={panic}
          open={setSheet}
          onAct={(kind, one) => void act(kind, one)}
          onMade={focusCard}
        />
      )}
    </div>
  );
}
