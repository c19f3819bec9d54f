// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "gateway/contract/site_view.h"
#include "gateway/web/http/http_server.h"

namespace gapura::gateway {

// Prometheus text exposition. `view` may be null while the core starts.
std::string metrics_text(const SiteView* view, const std::vector<DeviceView>& devices, const HttpCounters& http);

}  // namespace gapura::gateway
