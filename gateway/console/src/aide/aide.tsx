// SPDX-License-Identifier: Apache-2.0
// The aide's phone: who waits, undecided first; one guest large, the decision under the thumb.

import { useEffect, useRef, useState } from "preact/hooks";
import type { Visit } from "../api";
import { Banner, BannerAct } from "../components/banner";
import { Button } from "../components/button";
import { Icon } from "../components/icon";
import { Menu, MenuAct } from "../components/menu";
import { Row } from "../components/row";
import { Sheet } from "../components/sheet";
import { alarms, duty, loaded, lostSince, status, visits } from "../live";
import { session, signOut } from "../session";
import { minuteText, stampText, useNow, waitedText, zoneName } from "../time";
import { playTone } from "../tones";
import { Brand } from "../ui/brand";
import { Banners, Switches } from "../ui/frame";
import { LockdownBanners } from "../ui/lockdown_list";
import { GateDrawing } from "../ui/mark";
import { Beyond } from "../ui/more";
import { MusterView } from "../ui/muster_view";
import { PastVisits } from "../ui/past_visits";
import { Portrait } from "../ui/pictures";
import { PinBanner, PinMenu } from "../ui/pin";
import { PlanForm } from "../ui/plan_form";
import { RecordBanner } from "../ui/record_banner";
import { isAsked } from "../visit";
import { t } from "../words";
import { DecisionBar } from "./decision_bar";
import { DutySwitch, isMine, OffDuty, placeOf } from "./duty_switch";
import { Guest } from "./guest";
import { pending, sentCount } from "./held_send";
import { LeaderSwitch } from "./leader_switch";
import { sayReceived, saySeen } from "./receipts";
import { VerbalReview } from "./verbal_review";

const undecided = (visit: Visit, now: number) =>
  isAsked(visit) || (visit.approval === "held" && visit.hold_until !== null && Date.parse(visit.hold_until) <= now);

export function Aide() {
  const now = useNow();
  const all = visits.value;
  const ready = loaded.value;
  const lost = lostSince.value !== null;
  const who = session.value;
  const waiting = pending.value;
  const roster = duty.value;
  const [mustering, setMustering] = useState(false);
  const [planning, setPlanning] = useState(false);
  const [lookingBack, setLookingBack] = useState(false);
  const mustered = status.value?.muster ?? false;
  const panics = alarms.value.filter((alarm) => alarm.kind === "panic" && !alarm.acknowledged_by);
  const [chosen, setChosen] = useState<string | null>(null);

  const asked = all.filter((visit) => !/^(none|withdrawn)$/.test(visit.approval));
  const undone = asked.filter((visit) => undecided(visit, now)).sort((a, b) => (a.asked ?? "").localeCompare(b.asked ?? ""));
  // Questions put to another aide are in sight and may be answered, but they neither ring nor come under the thumb.
  const open = undone.filter((visit) => isMine(visit, roster, who?.user.id));
  const elsewhere = undone.filter((visit) => !open.includes(visit));
  const decided = asked.filter((visit) => !undecided(visit, now)).sort((a, b) => (b.decided ?? "").localeCompare(a.decided ?? ""));
  // While a decision is held back its guest stays on the screen, with the way to take it back.
  const shown = asked.find((visit) => visit.id === (waiting?.visit ?? chosen)) ?? open[0];

  // The guest on the screen stays until the aide has sent a decision or picks another: no act of another may put a different
  // person under the thumb.
  const sent = sentCount.value;
  useEffect(() => setChosen(null), [sent]);
  useEffect(() => {
    if (shown && chosen !== shown.id) setChosen(shown.id);
  }, [shown?.id]);

  // The post sees how far its question has come: on this phone, and seen by a person.
  useEffect(() => void all.filter((visit) => isAsked(visit) && isMine(visit, roster, who?.user.id)).forEach((visit) => void sayReceived(visit)), [all, roster]);
  const version = shown && isAsked(shown) && isMine(shown, roster, who?.user.id) ? shown.approval_version : 0;
  useEffect(() => {
    if (!shown || !version) return;
    const look = () => document.visibilityState === "visible" && void saySeen(shown);
    look();
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [shown?.id, version]);

  // A new guest is felt and heard, and counted in the title of a tab in the background.
  const known = useRef(open.length);
  useEffect(() => {
    document.title = `${open.length ? `(${open.length}) ` : ""}Gapura`;
    if (open.length > known.current) {
      navigator.vibrate?.(200);
      playTone("check");
    }
    known.current = open.length;
  }, [open.length]);

  const off = placeOf(roster, who?.user.id) === "off";
  const others = open.filter((visit) => visit !== shown); // the large one is not listed twice

  const row = (visit: Visit) => (
    <li key={visit.id}>
      <Row
        class="queue-row"
        picture={<Portrait hash={visit.portrait} name={visit.name} />}
        title={visit.name}
        detail={visit.purpose}
        {...(undecided(visit, now) ? { time: waitedText(visit.arrived, now) } : { state: t(`approval.${visit.approval}`) })}
        special={visit.category === "special"}
        selected={visit === shown}
        onOpen={() => {
          setChosen(visit.id);
          scrollTo({ top: 0 });
        }}
      />
    </li>
  );

  return (
    <div class="aide">
      <header class="aide-head">
        <Brand name={who?.site.name} />
        <p class="clock">
          <b>{minuteText(now)}</b> <span>{zoneName()}</span>
        </p>
        <Menu name={<Icon name="menu" />} label={who?.user.name}>
          <p class="muted">
            {who?.user.name} · {who && t(`role.${who.user.role}`)}
          </p>
          <MenuAct data-open-muster onAct={() => setMustering(true)}>
            {t("muster.title")}
          </MenuAct>
          <MenuAct data-plan onAct={() => setPlanning(true)}>
            {t("plan.open")}
          </MenuAct>
          <MenuAct data-open-past onAct={() => setLookingBack(true)}>
            {t("past.title")}
          </MenuAct>
          <PinMenu />
          <Switches />
          <Button kind="quiet" onClick={() => void signOut()}>
            {t("sign_out")}
          </Button>
        </Menu>
      </header>
      {panics.map((alarm) => (
        <Banner key={alarm.number} kind="refuse" class="aide-panic" role="alert" data-silent={alarm.silent ? "yes" : "no"}>
          <strong>{t(alarm.silent ? "aide.silent" : "aide.panic")}</strong> <span>{stampText(alarm.raised)}</span>
          {alarm.silent && <span class="banner-step">{t("aide.silent_hint")}</span>}
        </Banner>
      ))}
      <LockdownBanners />
      {mustered && (
        <Banner kind="check">
          <strong>{t("banner.muster")}</strong>
          <BannerAct onClick={() => setMustering(true)}>{t("muster.open")}</BannerAct>
        </Banner>
      )}
      <RecordBanner />
      <Banners />
      <Beyond />
      <PinBanner />
      <main class="aide-main">
        <DutySwitch />
        {off && roster && <OffDuty roster={roster} />}
        <LeaderSwitch />
        <VerbalReview />
        <h1 class={open.length ? "aide-count" : "visually-hidden"}>
          {open.length ? (
            <>
              <b>{open.length}</b> {t("aide.undecided")}
            </>
          ) : (
            t("aide.title")
          )}
        </h1>
        {shown && <Guest visit={shown} now={now} />}
        {!shown && ready && !off && (
          <div class="aide-none">
            <GateDrawing />
            <p>
              <b>{t(lost ? "aide.none_unknown" : "aide.none")}</b>
            </p>
            <p class="muted">{t(lost ? "aide.none_unknown_hint" : "aide.none_hint")}</p>
          </div>
        )}
        {others.length > 0 && (
          <section aria-labelledby="queue-open">
            <h2 id="queue-open">{t("aide.queue")}</h2>
            <ul class="queue">{others.map(row)}</ul>
          </section>
        )}
        {elsewhere.length > 0 && (
          <section aria-labelledby="queue-others">
            <h2 id="queue-others">{t("aide.of_others", { name: roster?.first?.name ?? "" })}</h2>
            <ul class="queue queue-others">{elsewhere.filter((visit) => visit !== shown).map(row)}</ul>
          </section>
        )}
        {decided.length > 0 && (
          <section aria-labelledby="queue-done">
            <h2 id="queue-done">{t("aide.decided")}</h2>
            <ul class="queue">{decided.map(row)}</ul>
          </section>
        )}
      </main>
      {shown &&
        (isMine(shown, roster, who?.user.id) ? (
          <DecisionBar key={shown.id} visit={shown} />
        ) : (
          <p class="thumb thumb-others" data-of-others>
            {t("duty.of_others", { name: roster?.first?.name ?? "" })}
          </p>
        ))}
      {planning && (
        <Sheet title={t("plan.title")} class="dialog-bottom" onClose={() => setPlanning(false)}>
          <PlanForm onDone={() => setPlanning(false)} />
        </Sheet>
      )}
      {lookingBack && (
        <Sheet title={t("past.title")} class="dialog-look" onClose={() => setLookingBack(false)}>
          <PastVisits class="dialog-look" />
        </Sheet>
      )}
      {mustering && (
        <Sheet title={t("muster.title")} class="dialog-look" onClose={() => setMustering(false)}>
          <MusterView />
        </Sheet>
      )}
    </div>
  );
}
