// SPDX-License-Identifier: Apache-2.0
// The day board. Arrow keys walk between cards; Enter is the card's one act.
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Visit } from "../api";
import { alarms } from "../live";
import { isMetal } from "../metal";
import { useCoarseNow } from "../time";
import type { Found } from "../ui/find_visits";
import { More } from "../ui/more";
import { type Act, type Column, columnOf, isPlanned } from "../visit";
import { t } from "../words";
import { DeviceAlarms, LesserAlarms, UrgentAlarms } from "./alarm_list";
import { Card } from "./card";

interface Props {
  visits: Visit[];
  text: string;
  found: Found; // what the daemon found besides
  selected: string | null;
  onSelect: (id: string) => void;
  onAct: (act: Act, visit: Visit) => void;
  onOpen: (visit: Visit) => void;
}
const columns: Column[] = ["at_post", "waiting", "inside", "action"];

function walk(event: KeyboardEvent) {
  const step: Record<string, [number, number]> = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  const here = (event.target as HTMLElement).closest<HTMLElement>("[data-visit]");
  const move = step[event.key];
  if (!move || !here) return;
  event.preventDefault();
  const lists = [...document.querySelectorAll<HTMLElement>(".board .column")].map((column) => [...column.querySelectorAll<HTMLElement>("[data-visit]")]);
  const x = lists.findIndex((list) => list.includes(here));
  const y = lists[x].indexOf(here);
  let to = lists[x][y + move[1]];
  // Sideways skips empty columns.
  for (let n = x + move[0]; move[0] && n >= 0 && n < lists.length; n += move[0]) {
    if (lists[n].length) {
      to = lists[n][Math.min(y, lists[n].length - 1)];
      break;
    }
  }
  if (to === here) return;
  to?.querySelector<HTMLElement>("[data-card-button]")?.focus();
  to?.scrollIntoView({ block: "nearest" });
}

export function Board({ visits, text, found, selected, onSelect, onAct, onOpen }: Props) {
  const now = useCoarseNow();
  const open = alarms.value.filter((alarm) => !alarm.acknowledged_by).length;
  // A card that changed its column was drawn again: the focus follows it. When it left the board, the focus moves to the name
  // of the one in its place: Enter pressed twice does nothing to that guest.
  const place = useRef(0);
  useLayoutEffect(() => {
    if (!selected) return;
    const cards = [...document.querySelectorAll<HTMLElement>(".board .card[data-visit]")];
    const at = cards.findIndex((card) => card.dataset.visit === selected);
    if (at >= 0) place.current = at;
    if (document.activeElement !== document.body || document.querySelector("dialog[open]")) return;
    const next =
      at >= 0
        ? cards[at].querySelector<HTMLElement>("[data-card-button]")
        : cards[Math.min(place.current, cards.length - 1)]?.querySelector<HTMLElement>(".card-name");
    next?.focus({ preventScroll: at >= 0 });
  });
  // The plans share the first column: they are the guests at the post of a little later.
  const [planned, setPlanned] = useState(false);
  const plans = visits.filter(isPlanned).sort((a, b) => (a.expected ?? "").localeCompare(b.expected ?? ""));
  const sorted = new Map<Column, Visit[]>(columns.map((name) => [name, []]));
  for (const visit of visits) if (!isPlanned(visit)) sorted.get(columnOf(visit, now))!.push(visit);
  const card = (visit: Visit) => (
    <Card key={visit.id} visit={visit} now={now} selected={selected === visit.id} onSelect={onSelect} onAct={onAct} onOpen={onOpen} />
  );
  return (
    <div class="board" onKeyDown={walk}>
      <h1 class="visually-hidden">{t("board.title")}</h1>
      {columns.map((name) => {
        // A search looks among the plans too: the guest in front of the guard may be one.
        const first = name === "at_post" && plans.length > 0;
        const here = sorted.get(name)!;
        const list = !first ? here : text ? [...here, ...plans] : planned ? plans : here;
        return (
          <section key={name} class={`column column-${name}`} aria-labelledby={`col-${name}`}>
            <h2 id={`col-${name}`}>
              {t(`col.${name}`)} <b>{here.length + (name === "action" ? open : 0)}</b>
            </h2>
            {first && (
              <button type="button" class="column-tab" aria-pressed={planned} onClick={() => setPlanned(!planned)}>
                {t("col.planned")} <b>{plans.length}</b>
              </button>
            )}
            <div class="column-list" tabIndex={list.length > 2 ? 0 : undefined} role="group" aria-labelledby={`col-${name}`}>
              {name !== "action" ? (
                list.map(card)
              ) : (
                <>
                  {list.filter(isMetal).map(card)}
                  <UrgentAlarms />
                  {list.filter((visit) => !isMetal(visit)).map(card)}
                  <LesserAlarms />
                  <DeviceAlarms />
                </>
              )}
              {name === "at_post" && <More n={found.total - found.rows.length} />}
              {list.length === 0 && !(name === "action" && open > 0) && (
                <p class="column-empty">{found.asking ? t("board.asking") : text ? t("board.no_match", { text }) : t(`col.empty.${name}`)}</p>
              )}
            </div>
          </section>
        );
      })}
    </div>
  );
}
