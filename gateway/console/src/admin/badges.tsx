// SPDX-License-Identifier: Apache-2.0
// Revoke is two clicks: the button, then the reason. What each door said is shown after it.

import { useEffect, useState } from "preact/hooks";
import { api, type Badge, type Listed, type Refusal } from "../api";
import { Button, IconButton } from "../components/button";
import { badgeTick, loaded, portals } from "../live";
import { attempt } from "../notes";
import { placeName } from "../sentences";
import { dayText, endText, stampText } from "../time";
import { BadgeActions } from "../ui/badge_actions";
import { More } from "../ui/more";
import { VerdictShape } from "../ui/shape";
import { coded, type PlainKey, t } from "../words";
import { BadgeMaker } from "./badge_maker";

const reasons = ["lost", "misused", "visit_ended", "wrong_person"];
const out = (badge: Badge) => badge.state === "issued" || badge.state === "active";

interface Result {
  name: string;
  doors: Refusal[];
}

function doorText({ point, door, last_heard: heard }: Refusal): string {
  const key = door === "offline" && !heard ? "never" : door;
  return t(`admin.door.${key}`, { door: placeName(point), time: heard ? `${dayText(heard)} ${stampText(heard)}` : "" });
}

export function Badges() {
  const [which, setWhich] = useState<"out" | "all">("out");
  const [list, setList] = useState<Listed<Badge> | null>(null);
  const [text, setText] = useState("");
  const [asking, setAsking] = useState<string | null>(null);
  const [more, setMore] = useState<string | null>(null);
  const [forgiving, setForgiving] = useState<string | null>(null);
  const [result, setResult] = useState<Result | null>(null);
  const tick = badgeTick.value;
  portals.value;
  useEffect(() => {
    // Many scans in a moment change a badge many times; one reading is enough.
    const timer = setTimeout(() => void api.badges(which).then(setList, () => {}), list ? 200 : 0);
    return () => clearTimeout(timer);
  }, [which, tick]);
  const wanted = text.trim().toLocaleLowerCase("id");
  const shown = (list?.rows ?? []).filter((badge) => !wanted || badge.name.toLocaleLowerCase("id").includes(wanted) || badge.id.startsWith(wanted));

  const read = async () => setList(await api.badges(which));
  // A visit's badges are forgiven with the visit; only a staff badge is forgiven by itself.
  async function forgive(badge: Badge, reason: string) {
    const body = badge.kind === "staff" ? { badge: badge.id, reason } : { visit: badge.visit, reason };
    if (await attempt(() => api.forgive(body), t("done.forgive"))) setForgiving(null);
  }

  async function revoke(badge: Badge, reason: string) {
    setAsking(null);
    await attempt(async () => {
      const answer = await api.revoke(badge.id, reason);
      setResult({ name: badge.name, doors: answer.doors });
      setList(await api.badges(which));
    });
  }

  return (
    <>
      <BadgeMaker onMade={read} />
      <div class="toolbar">
        <div class="tabs" role="group" aria-label={t("admin.badges")}>
          {(["out", "all"] as const).map((one) => (
            <button
              key={one}
              type="button"
              class="tab"
              aria-pressed={which === one}
              onClick={() => {
                setMore(null);
                setWhich(one);
              }}
            >
              {t(`admin.badges_${one}`)}
            </button>
          ))}
        </div>
        <label class="search">
          <span class="visually-hidden">{t("admin.search_badge")}</span>
          <input type="search" value={text} placeholder={t("admin.search_badge")} onInput={(event) => setText(event.currentTarget.value)} />
        </label>
      </div>
      {result && (
        <div class="revoked" role="status">
          <p>
            <VerdictShape kind="refuse" />{" "}
            <b>{t("admin.revoked", { name: result.name, count: result.doors.filter((door) => door.refused).length, all: result.doors.length })}</b>
          </p>
          <ul>
            {result.doors.map((door) => (
              <li key={door.point} data-door={door.door} class={door.refused ? "" : "is-bad"}>
                {doorText(door)}
              </li>
            ))}
          </ul>
          <IconButton icon="close" label={t("close")} onClick={() => setResult(null)} />
        </div>
      )}
      <table class="table table-badges">
        <thead>
          <tr>
            <th scope="col">{t("admin.col.name")}</th>
            <th scope="col">{t("admin.col.badge")}</th>
            <th scope="col">{t("admin.col.state")}</th>
            <th scope="col">{t("admin.col.issued")}</th>
            <th scope="col">{t("admin.col.until")}</th>
            <th scope="col">{t("admin.col.action")}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((badge) => (
            <tr key={badge.id} data-badge={badge.id}>
              <th scope="row">{badge.name || t(`kind.badge_${badge.kind ?? "paper"}`)}</th>
              <td class="code">{badge.id.slice(0, 10)}</td>
              <td>
                <span class={`state-chip state-${badge.state}`}>{t(`badge.${badge.state}`)}</span>
                {badge.reason && <small> {coded("admin.revoke", badge.reason)}</small>}
              </td>
              <td>
                {dayText(badge.issued)} {stampText(badge.issued)}
              </td>
              <td>
                {badge.kind === "staff"
                  ? dayText(badge.valid_until)
                  : badge.kind === "card" && badge.state === "in_stock"
                    ? t("none")
                    : endText(badge.valid_until)}
              </td>
              <td class="row-act">
                {asking !== badge.id && forgiving !== badge.id && (
                  <>
                    {out(badge) && (
                      <Button kind="danger" size="small" data-revoke onClick={() => setAsking(badge.id)}>
                        {t("admin.revoke")}
                      </Button>
                    )}
                    {more !== badge.id && (
                      <Button kind="quiet" size="small" aria-label={`${t("admin.badge_more")}: ${badge.name}`} data-more onClick={() => setMore(badge.id)}>
                        {t("admin.badge_more")}
                      </Button>
                    )}
                    {more === badge.id && (
                      <div class="revoke-why">
                        {out(badge) && (
                          <Button size="small" data-forgive onClick={() => setForgiving(badge.id)}>
                            {t("admin.forgive")}
                          </Button>
                        )}
                        <BadgeActions badge={badge} onDone={read} />
                        <Button kind="quiet" size="small" onClick={() => setMore(null)}>
                          {t("close")}
                        </Button>
                      </div>
                    )}
                  </>
                )}
                {forgiving === badge.id && (
                  <div class="revoke-why" role="group" aria-label={t("admin.forgive_why")}>
                    <span>{t("admin.forgive_why")}</span>
                    {["tailgated", "reader", "emergency"].map((reason) => (
                      <Button key={reason} size="small" data-reason={reason} onClick={() => void forgive(badge, reason)}>
                        {t(`admin.forgive.${reason}` as PlainKey)}
                      </Button>
                    ))}
                    <Button kind="quiet" size="small" onClick={() => setForgiving(null)}>
                      {t("cancel")}
                    </Button>
                  </div>
                )}
                {asking === badge.id && (
                  <div class="revoke-why" role="group" aria-label={t("admin.revoke_why", { name: badge.name })}>
                    {reasons.map((reason) => (
                      <Button key={reason} kind="danger" size="small" data-reason={reason} onClick={() => void revoke(badge, reason)}>
                        {t(`admin.revoke.${reason}` as PlainKey)}
                      </Button>
                    ))}
                    <Button kind="quiet" size="small" onClick={() => setAsking(null)}>
                      {t("cancel")}
                    </Button>
                  </div>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {list && <More n={list.total - list.rows.length} />}
      {list !== null && shown.length === 0 && <p class="muted">{wanted ? t("board.no_match", { text }) : t("admin.no_badges")}</p>}
      {list === null && !loaded.value && <p class="muted">{t("app.loading")}</p>}
    </>
  );
}
