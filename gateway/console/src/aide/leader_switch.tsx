// SPDX-License-Identifier: Apache-2.0
// The leader's state, for the post to see. It suggests; every guest is still decided.
import { api, type LeaderState } from "../api";
import { refreshStatus, status } from "../live";
import { attempt } from "../notes";
import { t } from "../words";

const states: LeaderState[] = ["receiving", "in_a_meeting", "resting", "away"];

export function LeaderSwitch() {
  const leader = status.value?.leader ?? null;
  const set = (state: LeaderState) =>
    attempt(async () => {
      await api.setLeader(state);
      await refreshStatus();
    });
  return (
    <label class="leader-switch" title={t("leader.hint")}>
      <span>{t("leader.title")}</span>
      <select value={leader ?? ""} data-leader={leader ?? "none"} onChange={(event) => void set(event.currentTarget.value as LeaderState)}>
        {leader === null && <option value="">{t("leader.unknown")}</option>}
        {states.map((state) => (
          <option key={state} value={state}>
            {t(`leader.${state}`)}
          </option>
        ))}
      </select>
    </label>
  );
}
