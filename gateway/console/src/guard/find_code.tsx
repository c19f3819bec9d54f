// SPDX-License-Identifier: Apache-2.0
// A badge in the guard's hand that no reader reads: its printed number, typed into the search, opens its visit. The daemon
// knows also those whose visit is over, those of staff, and a slip of one finger.
import { ApiError, api } from "../api";
import { complain, problemText, tell } from "../notes";
import { coded, t } from "../words";

export async function findByCode(code: string, onVisit: (id: string) => void) {
  try {
    const found = await api.findBadges(code.trim());
    const [badge] = found;
    if (found.length > 1) tell(t("code.several", { names: found.map((one) => one.name).join(", ") }));
    else if (badge.visit) onVisit(badge.visit);
    else tell(t("code.staff", { name: badge.name, state: coded("badge", badge.state) }));
  } catch (error) {
    const kind = error instanceof ApiError ? error.kind : "";
    complain(kind === "bad_input" ? t("code.slip") : kind === "not_found" ? t("code.none") : problemText(error));
  }
}
