// SPDX-License-Identifier: Apache-2.0
// The aides' roster on the phone: on duty, second, or off; taking a place, handing the duty over, accepting it.

import { useState } from "preact/hooks";
import { api, type Duty, type Visit } from "../api";
import { Banner, BannerAct } from "../components/banner";
import { Button } from "../components/button";
import { Sheet } from "../components/sheet";
import { duty } from "../live";
import { attempt } from "../notes";
import { session } from "../session";
import { t, tMaybe, type WordKey } from "../words";

export type Place = "first" | "second" | "off" | "nobody";
export function placeOf(roster: Duty | null, me: string | undefined): Place {
  if (!roster?.first) return roster?.second?.id === me ? "second" : "nobody";
  return roster.first.id === me ? "first" : roster.second?.id === me ? "second" : "off";
}
// Is this question put to me? Without anybody on duty it is put to all.
export function isMine(visit: Visit, roster: Duty | null, me: string | undefined): boolean {
  return !roster?.first || roster.first.id === me || visit.second_aide?.id === me;
}

// What an aide who is off duty sees, and the one act that changes it.
export function OffDuty({ roster }: { roster: Duty }) {
  return (
    <div class="off-duty" role="status" data-off-duty>
      <p>
        <b>{t("duty.you_are_off")}</b> {t("duty.off_lead", { name: roster.first?.name ?? "" })}
      </p>
      <Button kind="primary" size="big" data-take="over" onClick={() => void run(() => api.takeDuty({ over: true }), "done.duty_take")}>
        {t("duty.take_over", { name: roster.first?.name ?? "" })}
      </Button>
    </div>
  );
}

const run = (act: () => Promise<Duty>, done: WordKey, name = "") =>
  attempt(
    async () => {
      duty.value = await act();
    },
    tMaybe(done, { name }),
  );

export function DutySwitch() {
  const roster = duty.value;
  const me = session.value?.user;
  const [open, setOpen] = useState(false);
  if (!roster || !me) return null;
  const place = placeOf(roster, me.id);
  const others = [
    roster.first && place !== "first" ? t("duty.on_duty", { name: roster.first.name }) : "",
    roster.second && place !== "second" ? t("duty.is_second", { name: roster.second.name }) : roster.first && !roster.second ? t("duty.no_second") : "",
  ].filter(Boolean);
  return (
    <>
      {roster.offered_to?.id === me.id && (
        <Banner kind="check" data-duty="offered">
          <strong>{t("duty.offered", { name: me.name })}</strong>
          <BannerAct onClick={() => void run(api.acceptDuty, "done.duty_accept")}>{t("duty.accept")}</BannerAct>
        </Banner>
      )}
      <button type="button" class={`duty duty-${place}`} data-place={place} aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <b>{t(`duty.${place}`)}</b> <small>{others.join(" · ") || (place === "nobody" ? t("duty.nobody_hint") : "")}</small>
      </button>
      {open && <DutySheet roster={roster} place={place} me={me.id} onClose={() => setOpen(false)} />}
    </>
  );
}

function DutySheet({ roster, place, me, onClose }: { roster: Duty; place: Place; me: string; onClose: () => void }) {
  const others = roster.aides.filter((one) => one.id !== me);
  const act = (act: () => Promise<Duty>, done: WordKey, name = "") => void run(act, done, name).then((ok) => ok && onClose());
  return (
    <Sheet title={t("duty.title")} class="dialog-bottom" onClose={onClose}>
      <div class="stack duty-sheet">
        <p>
          {t("duty.place_first")}: <b>{roster.first?.name ?? t("duty.none")}</b>
          <br />
          {t("duty.place_second")}: <b>{roster.second?.name ?? t("duty.none")}</b>
        </p>
        {roster.offered_to && <p class="notice">{t("duty.waiting", { name: roster.offered_to.name })}</p>}
        {!roster.first && (
          <Button kind="primary" size="big" data-first="" data-take="first" onClick={() => act(() => api.takeDuty({}), "done.duty_take")}>
            {t("duty.take")}
          </Button>
        )}
        {roster.first && place !== "first" && (
          <Button kind="primary" size="big" data-first="" data-take="over" onClick={() => act(() => api.takeDuty({ over: true }), "done.duty_take")}>
            {t("duty.take_over", { name: roster.first.name })}
          </Button>
        )}
        {!roster.second && place !== "first" && (
          <Button size="big" data-take="second" onClick={() => act(() => api.takeDuty({ second: true }), "done.duty_second")}>
            {t("duty.take_second")}
          </Button>
        )}
        {place === "first" &&
          (others.length === 0 ? (
            <p class="muted">{t("duty.no_others")}</p>
          ) : (
            <fieldset class="decline-list">
              <legend>{t("duty.hand_over")}</legend>
              {others.map((one) => (
                <button
                  key={one.id}
                  type="button"
                  class="more-choice"
                  data-offer={one.name}
                  onClick={() => act(() => api.offerDuty(one.id), "done.duty_over", one.name)}
                >
                  <b>{one.name}</b>
                </button>
              ))}
            </fieldset>
          ))}
        {(place === "first" || place === "second") && (
          <Button kind="quiet" size="big" data-leave onClick={() => act(api.leaveDuty, "done.duty_leave")}>
            {t("duty.leave")}
          </Button>
        )}
      </div>
    </Sheet>
  );
}
