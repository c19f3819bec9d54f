// SPDX-License-Identifier: Apache-2.0
// A camera that shows another view than the one it learned: a person who has looked says that the new one is right, and why.

import { useState } from "preact/hooks";
import { api, stillUrl } from "../api";
import { Button } from "../components/button";
import { tell } from "../notes";
import { t } from "../words";
import { ReasonSheet } from "./reason_sheet";

export function AcceptView({ camera }: { camera: string }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <p>
        <Button onClick={() => setOpen(true)}>{t("view.open")}</Button>
      </p>
      {open && (
        <ReasonSheet
          title={t("view.title", { name: camera })}
          lead={t("view.lead")}
          submit={t("view.submit")}
          onClose={() => setOpen(false)}
          options={[
            ["aimed_anew", t("view.reason.aimed")],
            ["camera_replaced", t("view.reason.replaced")],
            ["room_rearranged", t("view.reason.room")],
          ]}
          act={(reason) => api.acceptView(camera, reason).then(() => tell(t("view.done")))}
        >
          <img class="view-now" src={stillUrl(camera)} alt="" />
        </ReasonSheet>
      )}
    </>
  );
}
