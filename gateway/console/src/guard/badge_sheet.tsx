// SPDX-License-Identifier: Apache-2.0
// The badge just made: its code, the page to print, and the question a printer can't answer: did it come out? The sheet stays
// until that is answered by its own key or button; Enter and Escape answer nothing.

import { useRef, useState } from "preact/hooks";
import { ApiError, api, type Category, type IssuedBadge, type Visit } from "../api";
import { Button } from "../components/button";
import { Icon } from "../components/icon";
import { Sheet } from "../components/sheet";
import { visits } from "../live";
import { attempt, complain, problemText } from "../notes";
import { endText } from "../time";
import { ReasonPicker } from "../ui/reason_picker";
import { t } from "../words";

interface Props {
  issued?: IssuedBadge; // absent: a new badge for a visit that has had one, which needs a reason first
  visit?: Visit;
  category: Category;
  onClose: () => void;
  onReissued: (issued: IssuedBadge) => void;
}

export function BadgeSheet({ issued, visit, category, onClose, onReissued }: Props) {
  const [again, setAgain] = useState(!issued);
  const [reason, setReason] = useState("");
  const [gone, setGone] = useState(""); // the badge whose paper cannot be had any more
  const [insisting, setInsisting] = useState(false);
  const [unheard, setUnheard] = useState(false); // an answer did not reach the daemon: the sheet may be closed without one
  const question = useRef<HTMLFieldSetElement>(null);
  const name = issued?.badge.name ?? visit?.name ?? "";
  const visitId = issued?.badge.visit ?? visit?.id ?? "";
  const party = visit?.party ?? 1;
  // How many of the party have one now; the board hears of this one later than the sheet.
  const given = new Set([...(visit?.badges ?? []), ...(issued ? [issued.badge] : [])].map((one) => one.id)).size;
  // The printer's word comes later than the badge.
  const badge = visits.value.find((one) => one.id === visitId)?.badges.find((one) => one.id === issued?.badge.id) ?? issued?.badge;
  const lost = issued !== undefined && gone === issued.badge.id;
  const printing = badge !== undefined && /^(ordered|printed|sent|unknown)$/.test(badge.print);

  const asks = issued !== undefined && issued.qr !== null && badge?.print !== "confirmed"; // a card of the stock is not printed
  const toPrint = issued?.page && !lost && !printing && badge?.print !== "confirmed";

  function close() {
    if (again && issued) return setAgain(false);
    const kept = badge !== undefined && /^(unknown|refused)$/.test(badge.print); // the guest's card on the board keeps asking
    if (!asks || again || unheard || kept) return onClose();
    setInsisting(true);
    question.current?.focus();
  }
  function print() {
    window.open(issued!.page!, "_blank", "noopener");
    question.current?.focus();
  }
  // Ya, Tidak; in English Yes, No.
  function onKey(event: KeyboardEvent) {
    const key = event.key.toUpperCase();
    const yes = key === t("badge.key_yes");
    if (!asks || again || event.repeat || event.ctrlKey || event.altKey || (!yes && key !== t("badge.key_no"))) return;
    event.preventDefault();
    if (yes && given < party) void next();
    else void printed(yes);
  }

  async function printed(yes: boolean) {
    if (!issued) return;
    // The daemon kills what did not come out: no one has it.
    const done = await attempt(async () => void (await api.printed(issued.badge.id, yes)), yes ? undefined : t("badge.not_printed_done"));
    setUnheard(!done);
    if (done) onClose();
  }
  // The same badge again: for who gave it, as long as the daemon knows its text. Any other account prints a new code.
  async function printAgain(id: string) {
    try {
      await api.printAgain(id);
    } catch (error) {
      if (error instanceof ApiError && (error.status === 403 || error.status === 410)) setGone(id);
      else complain(problemText(error));
    }
  }
  async function next() {
    const done = await attempt(async () => {
      if (issued && asks) await api.printed(issued.badge.id, true);
      onReissued(await api.issueBadge(visitId, { another: true }));
    });
    setUnheard(!done);
  }

  async function reissue(event: SubmitEvent) {
    event.preventDefault();
    if (!reason.trim()) return;
    await attempt(async () => {
      const next = await api.issueBadge(visitId, { reason: reason.trim() });
      setAgain(false);
      setReason("");
      onReissued(next);
    });
  }

  return (
    <Sheet title={t("badge.title", { name })} onClose={close} onKey={onKey} class="dialog-badge">
      {again ? (
        <form class="stack" onSubmit={reissue}>
          <ReasonPicker
            label={t("badge.reprint_reason")}
            value={reason}
            onPick={setReason}
            options={[
              ["not_printed", t("badge.reason.not_printed")],
              ["damaged", t("badge.reason.damaged")],
              ["lost", t("badge.reason.lost")],
            ]}
          />
          <p class="muted">{t("badge.kills_old")}</p>
          <footer class="dialog-foot">
            <Button onClick={() => (issued ? setAgain(false) : onClose())}>{t("cancel")}</Button>
            <Button submit kind="primary" disabled={!reason.trim()}>
              {t("act.rebadge")}
            </Button>
          </footer>
        </form>
      ) : (
        issued && (
          <div class="badge-made">
            <div class={`badge-face badge-face-${category}`}>
              <p class="category">{t(`category.${category}`)}</p>
              {!issued.qr || lost ? (
                <p class="still-none badge-qr">{t(issued.qr ? "badge.qr_gone" : "badge.card_of_stock")}</p>
              ) : (
                <img class="badge-qr" src={issued.qr} alt={t("badge.qr")} onError={() => setGone(issued.badge.id)} />
              )}
              {badge && (
                <p class="badge-code code">
                  {badge.code.slice(0, 3)} {badge.code.slice(3)}
                </p>
              )}
              <p class="badge-until">{t("badge.valid_until", { time: endText(issued.badge.valid_until) })}</p>
            </div>
            <div class="stack">
              {party > 1 && (
                <p>
                  <b>{t("badge.next_n", { n: given, all: party })}</b>
                </p>
              )}
              <p class="muted">{t("badge.no_data")}</p>
              {badge && badge.print !== "none" && (
                <p class={`print-state print-${badge.print}`} role="status" data-print={badge.print}>
                  {t(`print.${badge.print}`)}
                </p>
              )}
              {badge?.print === "refused" && !lost && (
                <Button kind="primary" data-print-again onClick={() => void printAgain(badge.id)}>
                  {t("print.again")}
                </Button>
              )}
              {toPrint && (
                <button type="button" class={badge?.print === "refused" ? "plain" : "primary big"} data-first="" onClick={print}>
                  {t("badge.print")}
                </button>
              )}
              {asks && (
                <fieldset ref={question} class="printed" data-first={toPrint ? undefined : ""} tabIndex={-1} aria-describedby="printed-hint">
                  <legend>{t("badge.printed_ask")}</legend>
                  <p class="hint" id="printed-hint">
                    {t("badge.printed_hint")}
                  </p>
                  {insisting && (
                    <p class="printed-first" role="alert">
                      {t("badge.answer_first")}
                    </p>
                  )}
                  {given < party ? (
                    <Button data-printed="next" onClick={() => void next()}>
                      <kbd>{t("badge.key_yes")}</kbd> {t("badge.printed_yes")} <Icon name="arrow" /> {t("badge.next")}
                    </Button>
                  ) : (
                    <Button data-printed="yes" onClick={() => void printed(true)}>
                      <kbd>{t("badge.key_yes")}</kbd> {t("badge.printed_yes")}
                    </Button>
                  )}
                  <Button kind="danger" data-printed="no" onClick={() => void printed(false)}>
                    <kbd>{t("badge.key_no")}</kbd> {t("badge.printed_no")}
                  </Button>
                </fieldset>
              )}
              {asks && (
                <Button kind={lost ? "primary" : "quiet"} data-reprint onClick={() => setAgain(true)}>
                  {t("badge.reprint")}
                </Button>
              )}
              {!asks && given < party && (
                <Button kind="primary" size="big" data-first="" onClick={() => void next()}>
                  {t("badge.next")}
                </Button>
              )}
              {!asks && (
                <button type="button" class={given < party ? "plain" : "primary big"} data-first="" onClick={onClose}>
                  {t("badge.done")}
                </button>
              )}
            </div>
          </div>
        )
      )}
    </Sheet>
  );
}
