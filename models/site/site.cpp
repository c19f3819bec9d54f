// SPDX-License-Identifier: Apache-2.0
#include "models/site/site.h"

namespace gapura {

const AccessPointConfig* find_point(const SiteConfig& site, const AccessPointId& id) {
  for (const auto& point : site.points)
    if (point.id == id) return &point;
  return nullptr;
}

}  // namespace gapura
