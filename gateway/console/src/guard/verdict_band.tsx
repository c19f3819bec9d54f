// SPDX-License-Identifier: Apache-2.0
// The band across the screen, to be read from three metres. Its height never changes, so that no card moves under a hand.
import { pictureUrl } from "../api";
import { findVisit, visits } from "../live";
import { type Metal, metal } from "../metal";
import { placeName } from "../sentences";
import { clockText, useNow, zoneName } from "../time";
import { Portrait } from "../ui/pictures";
import { VerdictShape } from "../ui/shape";
import { denialSay, denialText, reasonText, type Verdict, verdict } from "../verdict";
import { t } from "../words";
import { IdleBand } from "./idle_band";
import { MetalBand } from "./metal_band";

const shown_ms = 15_000; // then the band rests and keeps the last verdict as a line
const brief_ms = 6_000; // while metal waits for the guard
const still_ms = 4_000; // after this a still that did not come is not coming

// The newest is shown first: a verdict for its time, shorter while metal was found and is not disposed of; metal found after
// the verdict immediately.
function isOver(one: Verdict, metal: Metal | undefined, now: number): boolean {
  if (!metal) return now - one.seen > shown_ms;
  return now - one.seen > brief_ms || (!metal.seen && Date.parse(metal.at) > Date.parse(one.at));
}

interface Props {
  onOpen: (visit: string) => void;
  onScreen: (visit: string) => void;
}

export function VerdictBand({ onOpen, onScreen }: Props) {
  const one = verdict.value;
  const found = metal.value;
  visits.value;
  const now = useNow();
  if (!one || isOver(one, found[0], now)) return found.length ? <MetalBand all={found} onScreen={onScreen} /> : <IdleBand last={one} />;
  return <Shown one={one} now={now} onOpen={onOpen} />;
}

function Shown({ one, now, onOpen }: { one: Verdict; now: number; onOpen: (visit: string) => void }) {
  const visit = findVisit(one.visit);
  const more = one.codes
    .slice(1)
    .map((code) => denialText(code, one.steps, visit))
    .join(" ");
  const say = denialSay(one.codes[0], one.steps);
  return (
    <section class={`band band-${one.kind}`} data-verdict={one.kind} data-number={one.number}>
      <VerdictShape kind={one.kind} class="band-shape" />
      <div class="band-words" role="alert">
        <p class="band-word">{t(`verdict.${one.kind}`)}</p>
        <p class="band-reason">{reasonText(one)}</p>
        {say && (
          <p class="band-say">
            {t("say.lead")} {say}
          </p>
        )}
        {more && (
          <p class="band-more" title={more}>
            {t("verdict.more", { reasons: more })}
          </p>
        )}
      </div>
      <div class="band-guest">
        {visit ? (
          <button type="button" class="band-name" onClick={() => onOpen(visit.id)}>
            {visit.name}
          </button>
        ) : (
          <p class="band-name">
            {t(one.byGuard ? "verdict.by_guard" : one.codes.includes("ambiguous_scan") ? "verdict.several_codes" : "verdict.unknown_person")}
          </p>
        )}
        {visit && <p class={`category category-${visit.category}`}>{t(`category.${visit.category}`)}</p>}
        <p class="band-place">
          {placeName(one.point)} · {clockText(one.at)} {zoneName()}
        </p>
      </div>
      {!one.byGuard && (
        <figure class="band-picture">
          {visit ? <Portrait hash={visit.portrait} name={visit.name} size="portrait-band" /> : <span class="portrait portrait-none portrait-band">?</span>}
          <figcaption>{visit && !visit.portrait ? t("verdict.no_portrait") : t(visit ? "verdict.portrait" : "verdict.no_owner")}</figcaption>
        </figure>
      )}
      <figure class="band-picture">
        {one.still ? (
          <img class="band-still" src={pictureUrl(one.still)} alt={t("verdict.scan")} />
        ) : (
          <span class="band-still still-none">{t(now - one.seen > still_ms ? "verdict.no_scan" : "verdict.scan_coming")}</span>
        )}
        <figcaption>{t("verdict.scan")}</figcaption>
      </figure>
    </section>
  );
}
