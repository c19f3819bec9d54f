// SPDX-License-Identifier: Apache-2.0
// What a procedure requires of people: steps that the guard attests, and sometimes forgets until a guest is refused; and
// the aide's permission that more of a party may come in at once.
#include <algorithm>

#include "gateway/simulation/people.h"

namespace gapura::simulation {

using namespace gapura::gateway;

bool People::has_gates() const {
  return std::any_of(site_.sops.begin(), site_.sops.end(), [](const Sop& sop) { return !sop.gates.empty(); });
}

void People::tick_off(Guest& guest, std::initializer_list<const char*> steps, int per_mille) {
  if (!has_gates() || guest.visit.empty()) return;
  for (const char* step : steps)
    if (guest.random.chance(per_mille)) (void)machine_.ask(AttestStep{guest.visit, step}, Role::guard);
}

void People::permit_all(Guest& guest) {
  if (has_gates() && guest.item.count > 2 && guest.random.chance(600))
    (void)machine_.ask(PermitMembers{guest.visit, "uji"}, Role::aide);
}

}  // namespace gapura::simulation
