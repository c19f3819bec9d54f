// SPDX-License-Identifier: Apache-2.0
// Says loudly when the record is not the continuation of what this screen has seen.

import { useEffect, useState } from "preact/hooks";
import { BannerAct } from "../components/banner";
import { accept, verdict, witness } from "../record";
import { t } from "../words";

export function RecordBanner() {
  const found = verdict.value;
  const [sure, setSure] = useState(false);
  useEffect(witness, []);
  if (found.state !== "broken") return null;
  return (
    <div class="banner banner-refuse" role="alert" data-record="broken">
      <strong>{t("record.broken")}</strong> <span>{t(`record.why.${found.why}`)}</span>
      <span class="banner-step">{t("record.step")}</span>
      <small class="banner-detail">
        {t("record.kept")}: {found.kept.origin} {found.kept.size} {found.kept.root.slice(0, 12)} · {t("record.now")}: {found.now.origin} {found.now.size}{" "}
        {found.now.root.slice(0, 12)}
      </small>
      <BannerAct onClick={() => (sure ? accept(found) : setSure(true))}>{t(sure ? "record.accept_sure" : "record.accept")}</BannerAct>
    </div>
  );
}
