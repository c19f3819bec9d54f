// SPDX-License-Identifier: Apache-2.0
import { useMemo } from "preact/hooks";
import type { Visit } from "../api";
import { useStore } from "../store";
import { minuteText, stampText } from "../time";
import { Portrait, Waited } from "../ui/pictures";
import { type Act, accepted, actKey, hasLeft, isInside, primaryAct, screened } from "../visit";
import { language, t } from "../words";

// What the guard would answer to "where does it stand?".
function stateText(visit: Visit, now: number): string {
  if (hasLeft(visit)) return t("wait.left");
  if (visit.state === "unaccounted" || visit.state === "finished") return t(`state.${visit.state}`);
  if (visit.approval === "declined") return t("approval.declined");
  if (isInside(visit)) return t("state.in_meeting");
  if (visit.badge && accepted(visit)) return t(`screening.${visit.screening}`);
  if (visit.hold_until && Date.parse(visit.hold_until) > now) {
    return `${t(`approval.${visit.approval}`)} → ${minuteText(visit.hold_until)}`;
  }
  return t(`approval.${visit.approval}`);
}

function restText(visit: Visit) {
  if (visit.approval === "sent") return <>{t("wait.aide")} {visit.asked && <Waited since={visit.asked} />}</>;
  if (visit.approval === "held" && visit.hold_until) return t("wait.until", { time: stampText(visit.hold_until) });
  return t("wait.scan");
}

function tone(visit: Visit): string {
  if (visit.approval === "declined" || visit.screening === "refused" || visit.screening === "alarm") return "refuse";
  if (visit.badge && accepted(visit) && !screened(visit)) return "check";
  if (accepted(visit)) return "pass";
  return visit.approval === "none" ? "none" : "check";
}

interface Props {
  visit: Visit;
  now: number;
  selected: boolean;
  onSelect: (id: string) => void;
  onAct: (act: Act, visit: Visit) => void;
  onOpen: (visit: Visit) => void;
}

// Drawn again only when its visit, its selection or what the clock makes due changed: hundreds of cards must not tick.
export function Card(props: Props) {
  const { visit, now, selected } = props;
  const lang = useStore(language);
  const held = visit.hold_until !== null && Date.parse(visit.hold_until) > now;
  return useMemo(() => <Face {...props} />, [visit, primaryAct(visit, now), held, selected, lang]);
}

function Face({ visit, now, selected, onSelect, onAct, onOpen }: Props) {
  const act = primaryAct(visit, now);
  return (
    <article
      class={`card card-${visit.category} ${selected ? "card-selected" : ""}`}
      data-visit={visit.id}
      data-state={visit.state}
      onFocusCapture={() => onSelect(visit.id)}
      onPointerDown={() => onSelect(visit.id)}
    >
      <div class="card-top">
        <Portrait hash={visit.portrait} name={visit.name} />
        <div class="card-who">
          <h3><button type="button" class="card-name" aria-label={t("card.open", { name: visit.name })} onClick={() => onOpen(visit)}>{visit.name}</button></h3>
          {visit.category === "special" && <p class="category category-special">{t("category.special")}</p>}
          <p class="card-from">{visit.institution || t(`category.${visit.category}`)}</p>
        </div>
      </div>
      <p class="card-purpose">{visit.purpose} <span>{t("card.for")} {visit.whom}</span></p>
      <p class={`card-state tone-${tone(visit)}`}>
        <span>{stateText(visit, now)}</span>
        <time class="card-time" dateTime={visit.arrived} title={t("card.since", { time: stampText(visit.arrived) })}><Waited since={visit.arrived} /></time>
      </p>
      {act ? (
        <button type="button" class="primary card-act" data-card-button data-act={act} onClick={() => onAct(act, visit)}>
          <kbd>{actKey[act]}</kbd> {t(`act.${act}`)}
        </button>
      ) : (
        <button type="button" class="card-rest" data-card-button onClick={() => onOpen(visit)}>{restText(visit)}</button>
      )}
    </article>
  );
}
