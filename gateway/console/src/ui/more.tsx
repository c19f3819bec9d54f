// SPDX-License-Identifier: Apache-2.0
// A list that is not shown whole says so, with the way to the rest.
import { most_visits } from "../api";
import { beyond } from "../live";
import { t } from "../words";

export function More({ n, onMore }: { n: number; onMore?: () => void }) {
  if (n <= 0) return null;
  return (
    <p class="list-more" data-more-rows={n}>
      {t("list.more", { n })}{" "}
      {onMore && (
        <button type="button" class="plain small" onClick={onMore}>
          {t("list.show_more")}
        </button>
      )}
    </p>
  );
}

// More visits are open than a page holds.
export function Beyond({ search = false }: { search?: boolean }) {
  const n = beyond.value;
  if (n <= 0) return null;
  return (
    <p class="banner banner-check" role="status" data-beyond={n}>
      <strong>{t("beyond.lead", { held: most_visits, all: most_visits + n })}</strong> <span>{t(search ? "beyond.search" : "beyond.post")}</span>
    </p>
  );
}
