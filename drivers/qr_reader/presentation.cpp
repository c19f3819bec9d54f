// SPDX-License-Identifier: Apache-2.0
#include "drivers/qr_reader/presentation.h"

#include <algorithm>

#include "drivers/qr_reader/qr_reader.h"

namespace gapura::drivers {

std::vector<std::string> Presentation::see(const std::vector<std::string>& payloads, BootTime captured) {
  std::erase_if(last_seen_, [&](const auto& seen) { return captured - seen.second >= gone_after; });
  bool is_new = false;
  for (const auto& payload : payloads) {
    const auto [seen, added] = last_seen_.try_emplace(payload, captured);
    seen->second = std::max(seen->second, captured);
    is_new |= added;
  }
  if (!is_new) return {};
  std::vector<std::string> together;
  for (const auto& [payload, at] : last_seen_)
    if (captured - at <= together_within && together.size() < most_codes_per_picture) together.push_back(payload);
  return together;
}

bool Presentation::in_view(BootTime at) const {
  return std::any_of(last_seen_.begin(), last_seen_.end(), [&](const auto& seen) { return at - seen.second < gone_after; });
}

}  // namespace gapura::drivers
