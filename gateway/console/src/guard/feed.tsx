// SPDX-License-Identifier: Apache-2.0
import { feed, portals } from "../live";
import { sentenceOf, toneOf } from "../sentences";
import { clockText, zoneName } from "../time";
import { ClipButton } from "../ui/live";
import { VerdictShape } from "../ui/shape";
import { t } from "../words";

// These say nothing to a guard: pictures show in the band; looks at a badge's code, sign-ins and refused requests belong to
// the admin.
const unsaid = new Set(["picture_kept", "badge_shown", "session_opened", "sign_in_refused", "request_refused", "log_key_changed"]);

export function Feed() {
  const entries = feed.value.filter((entry) => !unsaid.has(entry.type));
  portals.value;
  return (
    <section class="feed" aria-labelledby="feed-title">
      <h2 id="feed-title">
        {t("feed.title")} <small>{zoneName()}</small>
      </h2>
      <ol class="feed-list" tabIndex={0} aria-labelledby="feed-title">
        {entries.slice(0, 50).map((entry) => {
          const tone = toneOf(entry);
          return (
            <li key={entry.number} data-type={entry.type} class={tone ? `feed-${tone}` : undefined}>
              <time dateTime={entry.time}>{clockText(entry.time)}</time>
              <span>
                {tone && <VerdictShape kind={tone} />} {sentenceOf(entry)} {entry.times && <b>×{entry.times}</b>} <ClipButton entry={entry} />
              </span>
            </li>
          );
        })}
        {entries.length === 0 && <li>{t("feed.empty")}</li>}
      </ol>
    </section>
  );
}
