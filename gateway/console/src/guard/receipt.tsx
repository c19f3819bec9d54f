// SPDX-License-Identifier: Apache-2.0
// How far the question has come: sent, on the aide's phone, read; how long ago, and how often the aide was reminded.
import type { Visit } from "../api";
import { duty, receipts } from "../live";
import { Waited } from "../ui/pictures";
import { t } from "../words";

const way = ["sent", "delivered", "seen"] as const;

export function Receipt({ visit }: { visit: Visit }) {
  const aide = duty.value?.first;
  const had = receipts.value[visit.id];
  const come = way.indexOf(visit.approval as "sent");
  // The receipt of an earlier question says nothing about this one.
  const since = come > 0 && had && had >= (visit.asked ?? "") ? had : visit.asked;
  return (
    <span class="receipt" data-receipt={visit.approval}>
      <span class="pips" aria-hidden="true">
        {way.map((one, index) => (
          <i key={one} class={index <= come ? "pip-on" : ""} />
        ))}
      </span>
      <b class="receipt-now">{t(`receipt.${way[come]}`)}</b>
      {since && (
        <span class="receipt-age">
          <Waited since={since} />
        </span>
      )}
      {aide && visit.escalation === 0 && <span class="receipt-to">{t("receipt.to", { name: aide.name })}</span>}
      {visit.escalation > 0 && <span class="receipt-again">{t("receipt.again", { n: visit.escalation })}</span>}
      {visit.escalation === 2 && (
        <span class="receipt-again" data-second>
          {visit.second_aide ? t("receipt.second", { name: visit.second_aide.name }) : t("receipt.no_second")}
        </span>
      )}
      {visit.escalation >= 3 && <span class="receipt-again receipt-call">{t("receipt.telephone")}</span>}
    </span>
  );
}
