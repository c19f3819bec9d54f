// SPDX-License-Identifier: Apache-2.0
// What a short press of F9 opens: the panic button to hold, the lockdown plans, the roll call.

import { Button } from "../components/button";
import { Sheet } from "../components/sheet";
import { status } from "../live";
import { LockdownList } from "../ui/lockdown_list";
import { t } from "../words";
import { PanicButton, type usePanic } from "./panic";

export function EmergencySheet({ panic, onMuster, onClose }: { panic: ReturnType<typeof usePanic>; onMuster: () => void; onClose: () => void }) {
  const running = status.value?.muster ?? false;
  return (
    <Sheet title={t("panic.title")} onClose={onClose} class="dialog-emergency">
      <div class="stack">
        <div class="emergency-panic">
          <PanicButton panic={panic} />
          <p>{t("panic.hold")}</p>
        </div>
        <h3>{t("lockdown.title")}</h3>
        <LockdownList />
        <h3>{t("muster.title")}</h3>
        <Button kind={running ? "primary" : "plain"} data-open-muster onClick={onMuster}>
          {t("muster.open")}
        </Button>
      </div>
    </Sheet>
  );
}
