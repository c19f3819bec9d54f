// SPDX-License-Identifier: Apache-2.0
// What holds for the whole post: nobody here, a lockdown, a roll call, a shift that waits to be taken over.
import { shift, status } from "../live";
import { session } from "../session";
import { LockdownBanners } from "../ui/lockdown_list";
import { t } from "../words";
import { acceptShift, setPost } from "./shift_sheet";

export function PostBanners({ onMuster }: { onMuster: () => void }) {
  const duty = shift.value;
  const post = status.value;
  const me = session.value?.user;
  return (
    <div class="banners" role="alert">
      <LockdownBanners />
      {post?.muster && (
        <p class="banner banner-check">
          <strong>{t("banner.muster")}</strong>
          <button type="button" class="banner-act" onClick={onMuster}>
            {t("muster.open")}
          </button>
        </p>
      )}
      {duty && !duty.attended && (
        <p class="banner banner-empty" data-post="empty">
          <strong>{t("post.empty")}</strong> <span>{t("post.empty_hint")}</span>
          <button type="button" class="banner-act" onClick={() => void setPost(true)}>
            {t("post.back")}
          </button>
        </p>
      )}
      {duty?.handed_to && duty.handed_to.id === me?.id && (
        <p class="banner banner-check" data-shift="offered">
          <strong>{t("shift.offered", { name: me.name })}</strong>
          {duty.note && <span>“{duty.note}”</span>}
          <button type="button" class="banner-act" onClick={() => void acceptShift()}>
            {t("shift.accept")}
          </button>
        </p>
      )}
    </div>
  );
}
