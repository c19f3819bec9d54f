// SPDX-License-Identifier: Apache-2.0
// The page was loaded from this device because the post does not answer. The roll call goes on; nothing else is shown as if
// it were so now.
import { Banner, BannerAct } from "./components/banner";
import { muster } from "./muster";
import { readSession } from "./session";
import { Brand } from "./ui/brand";
import { MusterView } from "./ui/muster_view";
import { t } from "./words";

export function Adrift() {
  const kept = muster.value;
  return (
    <div class="adrift">
      <header class="aide-head">
        <Brand />
      </header>
      <Banner kind="check" role="alert">
        <strong>{t("adrift.title")}</strong> <span>{t("adrift.lead")}</span>
        <BannerAct onClick={() => void readSession()}>{t("adrift.again")}</BannerAct>
      </Banner>
      <main class="adrift-main">
        <h1>{t("muster.title")}</h1>
        {kept ? <MusterView /> : <p>{t("adrift.nothing")}</p>}
      </main>
    </div>
  );
}
