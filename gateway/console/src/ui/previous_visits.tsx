// SPDX-License-Identifier: Apache-2.0
// The last visits of the same guest: when, how they ended, what was decided.
import type { Visit } from "../api";
import { dayText } from "../time";
import { t } from "../words";

const shown = 3;

export function PreviousVisits({ visit }: { visit: Visit }) {
  return (
    <ul class="plain-list">
      {visit.previous.slice(0, shown).map((past) => (
        <li key={past.arrived}>
          {dayText(past.arrived)} · {t(`state.${past.state}`)} · {t(`approval.${past.approval}`)}
        </li>
      ))}
    </ul>
  );
}
