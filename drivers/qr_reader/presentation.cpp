// SPDX-License-Identifier: Apache-2.0
#include "drivers/qr_reader/presentation.h"

#include <algorithm>

#include "drivers/qr_reader/qr_reader.h"
#include "models/visit/credential.h"

namespace gapura::drivers {

std::vector<std::string> Presentation::see(const std::vector<std::string>& payloads, BootTime captured) {
  std::erase_if(last_seen_, [&](const auto& seen) { return captured - seen.second >= gone_after; });
  std::vector<std::string> fresh;
  for (const auto& payload : payloads) {
    const auto [seen, added] = last_seen_.try_emplace(payload, captured);
    seen->second = std::max(seen->second, captured);
    if (added) fresh.push_back(payload);
  }
  if (fresh.empty()) return {};
  // A poster that comes into view does not present a badge again that was read before it.
  const auto is_badge = [](const std::string& payload) { return std::holds_alternative<TokenBytes>(parse_token(payload)); };
  if (std::none_of(fresh.begin(), fresh.end(), is_badge)) {
    std::sort(fresh.begin(), fresh.end());
    return fresh;
  }
  std::vector<std::string> together;
  for (const auto& [payload, at] : last_seen_)
    if (captured - at <= together_within && together.size() < most_codes_per_picture) together.push_back(payload);
  return together;
}

bool Presentation::in_view(BootTime at) const {
  return std::any_of(last_seen_.begin(), last_seen_.end(), [&](const auto& seen) { return at - seen.second < gone_after; });
}

}  // namespace gapura::drivers
