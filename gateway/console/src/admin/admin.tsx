// SPDX-License-Identifier: Apache-2.0
// The admin's desk: badges, devices, doors, accounts, journal. An admin configures and revokes; an admin never admits.

import { useState } from "preact/hooks";
import { Button } from "../components/button";
import { lostSince, status } from "../live";
import { type Ready, readiness, readyWhy } from "../readiness";
import { session, signOut } from "../session";
import { clockText, useNow, zoneName } from "../time";
import { Brand } from "../ui/brand";
import { Banners, Switches } from "../ui/frame";
import { LockdownBanners, LockdownList } from "../ui/lockdown_list";
import { MusterView } from "../ui/muster_view";
import { RecordBanner } from "../ui/record_banner";
import { numberText, type PlainKey, t } from "../words";
import { AlarmPage } from "./alarm_page";
import { AttentionPage } from "./attention_page";
import { Badges } from "./badges";
import { Devices } from "./devices";
import { Journal } from "./journal";
import { Portals } from "./portals";
import { PrivacyPage } from "./privacy_page";
import { Users } from "./users";
import { VisitsPage } from "./visits_page";
import "../styles/admin.css";

const pages = {
  badges: Badges,
  visits: VisitsPage,
  portals: Portals,
  devices: Devices,
  alarms: AlarmPage,
  attention: AttentionPage,
  emergency: LockdownList,
  muster: MusterView,
  privacy: PrivacyPage,
  users: Users,
  journal: Journal,
};
type Page = keyof typeof pages;
const titleOf = (page: Page) => (page === "muster" ? t("muster.title") : page === "emergency" ? t("lockdown.title") : t(`admin.${page}`));
const fromHash = (): Page => {
  const name = location.hash.slice(1);
  return name in pages ? (name as Page) : "badges";
};

// What the doors do by themselves, in a word.
function workWord(state: Ready): PlainKey {
  if (state === "lost" || state === "unread") return "admin.granting_unknown";
  if (state === "ready") return "admin.granting_yes";
  if (state === "some" || state === "clock") return "admin.granting_some";
  return state === "lockdown" ? "admin.granting_lockdown" : "admin.granting_no";
}

export function Admin() {
  const [page, setPage] = useState<Page>(fromHash);
  const who = session.value;
  const post = status.value;
  const lost = lostSince.value;
  const now = useNow();
  const can = readiness.value;
  const Shown = pages[page];
  return (
    <div class="admin">
      <nav class="admin-nav" aria-label={t("role.admin")}>
        <Brand site={who?.site.name} />
        {(Object.keys(pages) as Page[]).map((name) => (
          <a key={name} href={`#${name}`} aria-current={page === name ? "page" : undefined} onClick={() => setPage(name)}>
            {titleOf(name)}
          </a>
        ))}
        <div class="admin-account">
          <p>
            {who?.user.name}
            <small>{t("role.admin")}</small>
          </p>
          <Switches />
          <Button kind="quiet" onClick={() => void signOut()}>
            {t("sign_out")}
          </Button>
        </div>
      </nav>
      <div class="admin-body">
        <LockdownBanners />
        <RecordBanner />
        <Banners />
        <header class="admin-facts">
          <p class="clock">
            <b>{clockText(now)}</b> <span>{zoneName()}</span>
          </p>
          <dl>
            <div>
              <dt>{t("admin.granting")}</dt>
              <dd class={can.state === "ready" ? "is-good" : "is-bad"} data-ready={can.state} title={readyWhy(can)}>
                {t(workWord(can.state))}
              </dd>
            </div>
            <div>
              <dt>{t("admin.entries")}</dt>
              <dd>{post ? numberText(post.journal.entries) : "…"}</dd>
            </div>
            <div>
              <dt>{t("admin.free")}</dt>
              <dd>{post ? `${numberText(post.disk.free_bytes / 1e9, 1)} GB` : "…"}</dd>
            </div>
            <div>
              <dt>{t("admin.version")}</dt>
              <dd>{post?.version ?? "…"}</dd>
            </div>
          </dl>
          {lost === null && (
            <p class="health">
              <i aria-hidden="true" /> {t("status.connected")}
            </p>
          )}
        </header>
        <main>
          <h1>{titleOf(page)}</h1>
          <Shown />
        </main>
      </div>
    </div>
  );
}
