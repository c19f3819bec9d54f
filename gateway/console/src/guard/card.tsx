// SPDX-License-Identifier: Apache-2.0

import { useMemo } from "preact/hooks";
import type { Visit } from "../api";
import { Button } from "../components/button";
import { readiness, readyWhy } from "../readiness";
import { nextLine, sops } from "../sops";
import { minuteText, momentText, stampText } from "../time";
import { Portrait, Waited } from "../ui/pictures";
import {
  type Act,
  accepted,
  actKey,
  badgeOut,
  hasLeft,
  isAsked,
  isForPost,
  isInside,
  isPlanned,
  primaryAct,
  printUnsure,
  screened,
  turnedDown,
} from "../visit";
import { language, t } from "../words";
import { Receipt } from "./receipt";

// How far the visit is, in a few words.
function stateText(visit: Visit, now: number): string {
  if (hasLeft(visit)) return t("wait.left");
  if (/^(planned|arrived|away|escorted|unaccounted|finished|rescheduled|referred|left_early)$/.test(visit.state)) return t(`state.${visit.state}`);
  if (visit.verbal === "disputed") return t("verbal.disputed");
  if (visit.approval === "declined") return t("approval.declined");
  if (isInside(visit)) return t("state.in_meeting");
  if (visit.badge && accepted(visit)) return t(`screening.${visit.screening}`);
  if (visit.hold_until && Date.parse(visit.hold_until) > now) {
    return `${t(`approval.${visit.approval}`)} → ${minuteText(visit.hold_until)}`;
  }
  return t(`approval.${visit.approval}`);
}

// What a guest who is not received hears: never the aide's reason.
export function refusalSay(visit: Visit): string {
  return t(visit.state === "rescheduled" ? "say.rescheduled" : visit.state === "referred" ? "say.referred" : "say.declined");
}

// Nothing for the guard to do now: what is being waited for, and for whom.
function restText(visit: Visit) {
  if (isPlanned(visit) && visit.expected) return t("wait.arrival", { time: momentText(visit.expected) });
  if (isAsked(visit))
    return (
      <>
        {t("wait.aide")} {visit.asked && <Waited since={visit.asked} />}
      </>
    );
  if (visit.approval === "held" && visit.hold_until) return t("wait.until", { time: stampText(visit.hold_until) });
  const step = visit.sop && visit.next ? nextLine(visit.next) : "";
  if (isInside(visit) || hasLeft(visit) || !accepted(visit) || !screened(visit) || !badgeOut(visit)) return step || t("wait.scan");
  const can = readiness.value;
  if (can.state !== "ready" && can.state !== "some") return readyWhy(can);
  if (visit.presence === "at_post") return t("wait.scan");
  // There, and whom else the SOP waits for.
  if (visit.presence === "waiting_room") return step && visit.next?.executor !== "guest" ? `${t("wait.waiting_room")}. ${step}` : t("wait.waiting_room");
  return step || t("wait.scan");
}

function tone(visit: Visit): string {
  if (turnedDown(visit) || visit.verbal === "disputed" || /^(refused|alarm|held_and_reported)$/.test(visit.screening)) return "refuse";
  if (visit.attention === "possible" || visit.attention === "blocked") return "refuse";
  if (visit.badge && accepted(visit) && !screened(visit)) return "check";
  if (accepted(visit)) return "pass";
  return visit.approval === "none" ? "none" : "check";
}

// What must not be overlooked, in words; a card without any of it stays short.
function Marks({ visit }: { visit: Visit }) {
  const open = visit.deposits.filter((item) => item.state !== "returned").length;
  const marks: [string, string][] = [];
  if (visit.attention === "possible") marks.push(["refuse", t("card.attention")]);
  if (visit.attention === "blocked") marks.push(["refuse", t("card.blocked")]);
  if (visit.party > 1) marks.push(["plain", t("card.party", { n: visit.party })]);
  if (visit.in_debt) marks.push(["check", t("card.debt")]);
  if (visit.out_of_hours && !visit.hours_permit) marks.push(["check", t("card.hours")]);
  if (open > 0) marks.push(["plain", t("card.deposits", { n: open })]);
  if (printUnsure(visit)) marks.push(["check", t("card.print_unsure")]);
  if (visit.verbal === "unconfirmed") marks.push(["check", t("verbal.unconfirmed")]);
  if (!marks.length) return null;
  return (
    <p class="card-marks">
      {marks.map(([kind, text]) => (
        <span key={text} class={`card-mark mark-${kind}`}>
          {text}
        </span>
      ))}
    </p>
  );
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
  const lang = language.value;
  const known = sops.value;
  const can = readiness.value;
  const held = visit.hold_until !== null && Date.parse(visit.hold_until) > now;
  return useMemo(() => <Face {...props} />, [visit, primaryAct(visit, now), held, selected, lang, known, can]);
}

function Face({ visit, now, selected, onSelect, onAct, onOpen }: Props) {
  const act = primaryAct(visit, now);
  // The step in the SOP's own words is above the button that does it; these come before any step.
  const step = act && !/^(stopped_card|attention|answer|check_print)$/.test(act) && visit.sop && visit.next && isForPost(visit.next) ? visit.next.activity : "";
  const since = isPlanned(visit) ? visit.expected : visit.arrived;
  return (
    <article
      class={`card card-${visit.category} ${selected ? "card-selected" : ""}`}
      data-visit={visit.id}
      data-state={visit.state}
      data-approval={visit.approval}
      data-screening={visit.screening}
      onFocusCapture={() => onSelect(visit.id)}
      onPointerDown={() => onSelect(visit.id)}
    >
      <div class="card-top">
        <Portrait hash={visit.portrait} name={visit.name} />
        <div class="card-who">
          <h3>
            <button type="button" class="card-name" aria-label={t("card.open", { name: visit.name })} onClick={() => onOpen(visit)}>
              {visit.name}
            </button>
          </h3>
          {visit.category === "special" && <p class="category category-special">{t("category.special")}</p>}
          <p class="card-from">{visit.institution || t(`category.${visit.category}`)}</p>
        </div>
      </div>
      <p class="card-purpose">
        {visit.purpose}{" "}
        <span>
          {t("card.for")} {visit.whom}
        </span>
      </p>
      <Marks visit={visit} />
      <p class={`card-state tone-${tone(visit)}`}>
        {isAsked(visit) ? <Receipt visit={visit} /> : <span>{stateText(visit, now)}</span>}
        {since &&
          (isPlanned(visit) ? (
            <time class="card-time" dateTime={since}>
              {minuteText(since)}
            </time>
          ) : (
            <time class="card-time" dateTime={since} title={t("card.since", { time: stampText(since) })}>
              <Waited since={since} />
            </time>
          ))}
      </p>
      {step && <p class="card-step">{step}</p>}
      {act === "answer" && <p class="card-step">{t("wait.asked_back", { question: visit.approval_reason })}</p>}
      {turnedDown(visit) && (
        <p class="card-say">
          {t("say.lead")} {refusalSay(visit)}
        </p>
      )}
      {act ? (
        <Button kind="primary" class="card-act" data-card-button data-act={act} onClick={() => onAct(act, visit)}>
          {actKey[act] && <kbd>{actKey[act]}</kbd>} {t(`act.${act}`)}
        </Button>
      ) : (
        <button type="button" class="card-rest" data-card-button onClick={() => onOpen(visit)}>
          {restText(visit)}
        </button>
      )}
    </article>
  );
}
