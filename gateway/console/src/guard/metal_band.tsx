// SPDX-License-Identifier: Apache-2.0
// Metal at the detector: who, and what to do next. It stays until a result is recorded or the guard drops it; it sounds until it was seen.
import { dropMetal, type Metal, sawMetal } from "../metal";
import { clockText, useNow, waitedText, zoneName } from "../time";
import { audible } from "../tones";
import { Portrait } from "../ui/pictures";
import { VerdictShape } from "../ui/shape";
import { t } from "../words";

interface Props {
  all: Metal[]; // at least one
  onScreen: (visit: string) => void;
}

export function MetalBand({ all, onScreen }: Props) {
  const now = useNow();
  const heard = audible.value;
  const [one] = all;
  const { visit } = one;
  const others = all.length - 1;
  return (
    <section class="band band-check band-metal" data-verdict="metal" data-seen={one.seen ? "yes" : "no"}>
      <VerdictShape kind="check" class="band-shape" />
      <div class="band-words" role="alert">
        <p class="band-word">{t("metal.word")}</p>
        <p class="band-reason">{visit ? t(one.reminded ? "metal.reminded" : "metal.who", { name: visit.name }) : t("metal.unknown_guest")}</p>
        <p class="band-act">
          {t(visit ? "metal.act" : "metal.act_unknown_guest")}
          {!one.seen && !heard && ` ${t("metal.silent")}`}
        </p>
      </div>
      <div class="band-guest">
        <p class="band-name">{visit?.name ?? t("metal.unnamed")}</p>
        <p class="band-place">
          {clockText(one.at)} {zoneName()} · {waitedText(one.at, now)}
          {others > 0 && ` · ${t("metal.more", { n: others })}`}
        </p>
      </div>
      <div class="band-acts">
        {!one.seen && (
          <button type="button" class="band-button" data-seen-metal onClick={() => sawMetal(all)}>
            {t("metal.seen")}
          </button>
        )}
        {!visit && one.seen && (
          <button type="button" class="band-button" data-drop-metal onClick={() => dropMetal(one)}>
            {t("metal.drop")}
          </button>
        )}
        {visit && (
          <button type="button" class="band-button" data-screen-metal onClick={() => onScreen(visit.id)}>
            {t("act.screen")}
          </button>
        )}
      </div>
      {visit && (
        <figure class="band-picture">
          <Portrait hash={visit.portrait} name={visit.name} size="portrait-band" />
        </figure>
      )}
    </section>
  );
}
