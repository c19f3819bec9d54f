// SPDX-License-Identifier: Apache-2.0
// A list that is not shown whole says so, with the way to the rest.

import { most_visits } from "../api";
import { Banner } from "../components/banner";
import { Button } from "../components/button";
import { beyond } from "../live";
import { t } from "../words";

export function More({ n, onMore }: { n: number; onMore?: () => void }) {
  if (n <= 0) return null;
  return (
    <p class="list-more" data-more-rows={n}>
      {t("list.more", { n })}{" "}
      {onMore && (
        <Button size="small" onClick={onMore}>
          {t("list.show_more")}
        </Button>
      )}
    </p>
  );
}

// More visits are open than a page holds.
export function Beyond({ search = false }: { search?: boolean }) {
  const n = beyond.value;
  if (n <= 0) return null;
  return (
    <Banner kind="check" role="status" data-beyond={n}>
      <strong>{t("beyond.lead", { held: most_visits, all: most_visits + n })}</strong> <span>{t(search ? "beyond.search" : "beyond.post")}</span>
    </Banner>
  );
}
