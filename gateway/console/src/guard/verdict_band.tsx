// SPDX-License-Identifier: Apache-2.0
// The band across the screen, to be read from three metres. Its height never changes, so that no card moves under a hand.
import { pictureUrl } from "../api";
import { findVisit, lostSince, status, visits } from "../live";
import { placeName } from "../sentences";
import { useStore } from "../store";
import { clockText, useNow, zoneName } from "../time";
import { GateDrawing } from "../ui/mark";
import { Portrait } from "../ui/pictures";
import { VerdictShape } from "../ui/shape";
import { denialText, reasonText, verdict } from "../verdict";
import { t } from "../words";

const shown_ms = 15_000; // then the band rests and keeps the last verdict as a line
const still_ms = 4_000;  // after this a still that did not come is not coming

export function VerdictBand({ onOpen }: { onOpen: (visit: string) => void }) {
  const one = useStore(verdict);
  useStore(visits);
  const post = useStore(status);
  const lost = useStore(lostSince);
  const now = useNow();
  if (!one || now - one.seen > shown_ms) {
    // It never says "ready" while no badge would open a door, or while a scan would not be seen.
    const stopped = post !== null && !post.granting;
    const word = t(lost !== null ? "verdict.unseen" : stopped ? "verdict.by_hand" : "verdict.ready");
    const hint = t(lost !== null ? "verdict.unseen_hint" : stopped ? "granting.banner" : "verdict.ready_hint");
    return (
      <section class={`band band-idle ${lost !== null || stopped ? "band-stopped" : ""}`} aria-label={word} data-verdict="idle">
        <GateDrawing class="band-gate" />
        <div class="band-words">
          <p class="band-word">{word}</p>
          <p class="band-reason">{hint}</p>
        </div>
        {one && (
          <p class="band-last">
            <span>{t("verdict.last")} · {clockText(one.at)} {zoneName()}</span>
            <b><VerdictShape kind={one.kind} /> {t(`verdict.${one.kind}`)}</b>
            <span>{findVisit(one.visit)?.name ?? placeName(one.point)}</span>
          </p>
        )}
      </section>
    );
  }
  const visit = findVisit(one.visit);
  const more = one.codes.slice(1).map(denialText).join(" ");
  return (
    <section class={`band band-${one.kind}`} data-verdict={one.kind} data-number={one.number}>
      <VerdictShape kind={one.kind} class="band-shape" />
      <div class="band-words" role="alert">
        <p class="band-word">{t(`verdict.${one.kind}`)}</p>
        <p class="band-reason">{reasonText(one)}</p>
        {more && <p class="band-more" title={more}>{t("verdict.more", { reasons: more })}</p>}
      </div>
      <div class="band-guest">
        {visit ? (
          <button type="button" class="band-name" onClick={() => onOpen(visit.id)}>{visit.name}</button>
        ) : (
          <p class="band-name">{t(one.byGuard ? "verdict.by_guard" : one.codes.includes("ambiguous_scan") ? "verdict.several_codes" : "verdict.unknown_person")}</p>
        )}
        {visit && <p class={`category category-${visit.category}`}>{t(`category.${visit.category}`)}</p>}
        <p class="band-place">{placeName(one.point)} · {clockText(one.at)} {zoneName()}</p>
      </div>
      {!one.byGuard && <figure class="band-picture">
        {visit ? <Portrait hash={visit.portrait} name={visit.name} size="portrait-band" /> : <span class="portrait portrait-none portrait-band">?</span>}
        <figcaption>{visit && !visit.portrait ? t("verdict.no_portrait") : t("verdict.portrait")}</figcaption>
      </figure>}
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
