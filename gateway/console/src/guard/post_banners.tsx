// SPDX-License-Identifier: Apache-2.0
// What holds for the whole post: no guard here, a lockdown, a roll call, a shift that waits to be taken over.
import { Banner, BannerAct } from "../components/banner";
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
        <Banner kind="check">
          <strong>{t("banner.muster")}</strong>
          <BannerAct onClick={onMuster}>{t("muster.open")}</BannerAct>
        </Banner>
      )}
      {duty && !duty.attended && (
        <Banner kind="empty" data-post="empty">
          <strong>{t("post.empty")}</strong> <span>{t("post.empty_hint")}</span>
          <BannerAct onClick={() => void setPost(true)}>{t("post.back")}</BannerAct>
        </Banner>
      )}
      {duty?.handed_to && duty.handed_to.id === me?.id && (
        <Banner kind="check" data-shift="offered">
          <strong>{t("shift.offered", { name: me.name })}</strong>
          {duty.note && <span>“{duty.note}”</span>}
          <BannerAct onClick={() => void acceptShift()}>{t("shift.accept")}</BannerAct>
        </Banner>
      )}
    </div>
  );
}
