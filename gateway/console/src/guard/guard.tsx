// SPDX-License-Identifier: Apache-2.0
// The post: one monitor, the keyboard first. One sheet is open at a time; F-keys act on the card that was last in focus.
import { useEffect, useRef, useState } from "preact/hooks";
import { api, type IssuedBadge, type Visit } from "../api";
import { alarms, learned, visits } from "../live";
import { attempt, tell } from "../notes";
import { useStore } from "../store";
import { playTone } from "../tones";
import { serverNow } from "../time";
import { Banners } from "../ui/frame";
import { followVerdicts } from "../verdict";
import { type Act, accepted, badgeOut, matches, primaryAct } from "../visit";
import { t, useLanguage } from "../words";
import { BadgeSheet } from "./badge_sheet";
import { Board } from "./board";
import { CameraStrip } from "./camera_strip";
import { DetailSheet } from "./detail_sheet";
import { ExitSheet } from "./exit_sheet";
import { Feed } from "./feed";
import { NewGuest } from "./new_guest";
import { ReleaseSheet } from "./release_sheet";
import { ScreeningSheet } from "./screening_sheet";
import { StatusLine } from "./status_line";
import { VerdictBand } from "./verdict_band";
import { VerbalSheet } from "./verbal_sheet";

type Sheet =
  | { kind: "new" } | { kind: "release" }
  | { kind: "badge"; issued: IssuedBadge; visit: string }
  | { kind: "screen" | "exit" | "detail" | "verbal" | "rebadge"; visit: string };

export function Guard() {
  useLanguage();
  const all = useStore(visits);
  const [sheet, setSheet] = useState<Sheet | null>(null);
  const [selected, setSelected] = useState<string | null>(null);
  const [text, setText] = useState("");
  const search = useRef<HTMLInputElement>(null);
  const busy = useRef(new Set<string>());

  useEffect(() => followVerdicts(), []);
  useEffect(() => {
    let known = alarms.get().length;
    return alarms.watch(() => {
      if (alarms.get().length > known) playTone("alarm");
      known = alarms.get().length;
    });
  }, []);

  const find = (id: string | null) => all.find((visit) => visit.id === id);

  async function ask(visit: Visit) {
    await attempt(async () => learned(await api.ask(visit.id)), t("done.ask"));
  }
  async function giveBadge(visit: Visit) {
    await attempt(async () => {
      const issued = await api.issueBadge(visit.id);
      setSheet({ kind: "badge", issued, visit: visit.id });
    });
  }

  async function act(kind: Act, visit: Visit) {
    setSelected(visit.id);
    if (kind === "screen") return setSheet({ kind: "screen", visit: visit.id });
    if (kind === "exit" || kind === "leave") return setSheet({ kind: "exit", visit: visit.id });
    if (kind === "verbal") return setSheet({ kind: "verbal", visit: visit.id });
    if (kind === "rebadge") return setSheet({ kind: "rebadge", visit: visit.id });
    if (busy.current.has(visit.id)) return; // Enter held down, or pressed twice
    busy.current.add(visit.id);
    try {
      if (kind === "badge") await giveBadge(visit);
      else await ask(visit);
    } finally {
      busy.current.delete(visit.id);
    }
  }

  function onKey(event: KeyboardEvent) {
    if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
    const visit = find(selected);
    const run: Record<string, () => void> = {
      F2: () => setSheet({ kind: "new" }),
      F4: () => visit && accepted(visit) && void act(visit.badge ? "rebadge" : "badge", visit),
      F5: () => visit && void act("screen", visit),
      F6: () => visit && !accepted(visit) && void act("ask", visit),
      F7: () => visit && void act("exit", visit),
      F8: () => visit && void act("verbal", visit),
    };
    if (run[event.key]) {
      event.preventDefault(); // F5 must not reload the page under a guard's hands
      run[event.key]();
    } else if (event.key === "/" && !(event.target instanceof HTMLInputElement)) {
      event.preventDefault();
      search.current?.focus();
    }
  }
  useEffect(() => {
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

  const visit = sheet && "visit" in sheet ? find(sheet.visit) : undefined;
  const shut = () => setSheet(null);
  return (
    <div class="guard">
      <StatusLine />
      <VerdictBand onOpen={(id) => setSheet({ kind: "detail", visit: id })} />
      <Banners manual />
      <div class="guard-body">
        <main class="guard-main">
          <div class="toolbar">
            <label class="search">
              <span class="visually-hidden">{t("board.search")}</span>
              <input
                ref={search}
                type="search"
                value={text}
                placeholder={t("board.search")}
                onInput={(event) => onSearch(event.currentTarget.value)}
                onKeyDown={(event) => {
                  if (event.key !== "Enter" && event.key !== "ArrowDown") return;
                  event.preventDefault();
                  document.querySelector<HTMLElement>(".board [data-card-button]")?.focus();
                }}
              />
              <kbd>/</kbd>
            </label>
            <button type="button" class="primary" onClick={() => setSheet({ kind: "new" })}>
              <kbd>F2</kbd> {t("board.new")}
            </button>
            <button type="button" class="plain" onClick={() => setSheet({ kind: "release" })}>{t("board.release")}</button>
          </div>
          <Board
            visits={all.filter((one) => matches(one, text))}
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
      {sheet?.kind === "new" && (
        <NewGuest
          onClose={shut}
          onDone={(made) => {
            learned(made);
            setSelected(made.id);
            shut();
            // The next act is on the new card: Enter asks the aide.
            requestAnimationFrame(() => requestAnimationFrame(() =>
              document.querySelector<HTMLElement>(`[data-visit="${made.id}"] [data-card-button]`)?.focus()));
          }}
        />
      )}
      {sheet?.kind === "release" && <ReleaseSheet onClose={shut} />}
      {sheet?.kind === "badge" && (
        <BadgeSheet issued={sheet.issued} category={visit?.category ?? "general"} onClose={shut}
          onReissued={(issued) => setSheet({ ...sheet, issued })} />
      )}
      {sheet?.kind === "rebadge" && visit && (
        <BadgeSheet visit={visit} category={visit.category} onClose={shut}
          onReissued={(issued) => setSheet({ kind: "badge", issued, visit: visit.id })} />
      )}
      {sheet?.kind === "screen" && visit && <ScreeningSheet visit={visit} onClose={shut} />}
      {sheet?.kind === "exit" && visit && <ExitSheet visit={visit} badgeOut={badgeOut(visit)} onClose={shut} />}
      {sheet?.kind === "verbal" && visit && <VerbalSheet visit={visit} onClose={shut} />}
      {sheet?.kind === "detail" && (
        <DetailSheet id={sheet.visit} primary={visit ? primaryAct(visit, serverNow()) : null} onClose={shut}
          onAct={(kind, one) => { shut(); void act(kind, one); }} />
      )}
    </div>
  );
}
