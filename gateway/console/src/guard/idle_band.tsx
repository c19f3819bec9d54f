// SPDX-License-Identifier: Apache-2.0
// The band while no verdict is due: whether a badge may be shown, else why not and what to do instead.
import { findVisit } from "../live";
import { readiness, readyAct, readyWhy, readyWord } from "../readiness";
import { placeName } from "../sentences";
import { clockText, zoneName } from "../time";
import { GateDrawing } from "../ui/mark";
import { VerdictShape } from "../ui/shape";
import type { Verdict } from "../verdict";
import { t } from "../words";

export function IdleBand({ last }: { last: Verdict | null }) {
  const can = readiness.value;
  const ready = can.state === "ready";
  const word = readyWord(can);
  return (
    <section
      class={`band band-idle ${ready ? "" : can.state === "some" ? "band-partly" : "band-stopped"}`}
      aria-label={word}
      data-verdict="idle"
      data-ready={can.state}
    >
      <GateDrawing class="band-gate" />
      <div class="band-words">
        <p class="band-word">{word}</p>
        <p class="band-reason">{readyWhy(can)}</p>
        {!ready && <p class="band-act">{readyAct(can)}</p>}
      </div>
      {last && (
        <p class="band-last">
          <span>
            {t("verdict.last")} · {clockText(last.at)} {zoneName()}
          </span>
          <b>
            <VerdictShape kind={last.kind} /> {t(`verdict.${last.kind}`)}
          </b>
          <span>{findVisit(last.visit)?.name ?? placeName(last.point)}</span>
        </p>
      )}
    </section>
  );
}
