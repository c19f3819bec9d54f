// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "models/record/site_event.h"
#include "models/sop/conformance.h"

namespace gapura {

// What a ConformanceChecker needs to know of an entry. `role`: of its actor; empty: a device, the gateway, not known.
inline VisitMoment moment_of(const Entry& entry, std::string role) {
  return {entry.number, entry.at, std::move(role), entry.type == EventType::undone,
          entry.type == EventType::badge_returned};
}

}  // namespace gapura
