// SPDX-License-Identifier: Apache-2.0
// The post: one monitor, the keyboard first. One sheet is open at a time; F-keys act on the card that was last in focus.

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { addressOf, api, type Visit } from "../api";
import { alarms, onEntry, visits } from "../live";
import { followMetal } from "../metal";
import { attempt } from "../notes";
import { playTone } from "../tones";
import { useFound } from "../ui/find_visits";
import { Banners } from "../ui/frame";
import { Beyond } from "../ui/more";
import { PinBanner } from "../ui/pin";
import { offerUndo } from "../undo";
import { followVerdicts } from "../verdict";
import { type Act, hasCode, isBadgeCode, lacksBadges, matches, printUnsure } from "../visit";
import { t } from "../words";
import { actAtOnce } from "./acts";
import { Board } from "./board";
import { CameraStrip } from "./camera_strip";
import { followDecisions } from "./decisions";
import { onDeskScan } from "./desk_scan";
import { Feed } from "./feed";
import { findByCode } from "./find_code";
import { usePanic } from "./panic";
import { PostBanners } from "./post_banners";
import { onPostKey } from "./post_keys";
import { OpenSheet, type SheetState } from "./sheets";
import { StatusLine } from "./status_line";
import { Toolbar } from "./toolbar";
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
  decide_step: "decide_step",
  stopped_card: "stopped_card",
} as const;

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

  // With the drawing and not after it: a key may be pressed as soon as the board is seen.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) =>
      onPostKey(event, { all, selected, find, act: (kind, one) => void act(kind, one), open: setSheet, search: search.current });
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  });

  const held = all.filter((one) => matches(one, text));
  const shown = [...held, ...found.rows.filter((one) => !all.some((other) => other.id === one.id))];
  // A whole printed number, unless it is also the name of a guest.
  const asCode = isBadgeCode(text) && shown.every((one) => hasCode(one, text));
  const findCode = () =>
    void findByCode(text, (id) => {
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
          <Toolbar search={search} text={text} findCode={asCode ? findCode : null} debts={debts} panic={panic} onText={setText} open={setSheet} />
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
