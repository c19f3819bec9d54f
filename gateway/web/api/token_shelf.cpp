// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/api/token_shelf.h"

#include <sodium.h>

#include <algorithm>

namespace gapura::gateway {
namespace {

void wipe(std::string& text) { sodium_memzero(text.data(), text.size()); }

}  // namespace

TokenShelf::~TokenShelf() {
  for (Slot& slot : slots_) wipe(slot.token);
}

void TokenShelf::put(const std::string& badge, Owner owner, std::string token, BootTime now) {
  const MutexLock lock(mutex_);
  expire(now);
  if (slots_.size() >= 1'000) {
    wipe(slots_.front().token);
    slots_.pop_front();
  }
  slots_.push_back({badge, token, std::move(owner), now});
  wipe(token);
}

TokenShelf::Found TokenShelf::find(const std::string& badge, const Owner& owner, BootTime now) {
  const MutexLock lock(mutex_);
  expire(now);
  for (const Slot& slot : slots_)
    if (slot.badge == badge) return {true, slot.owner == owner ? std::optional(slot.token) : std::nullopt};
  return {};
}

void TokenShelf::remove(const std::string& badge) {
  const MutexLock lock(mutex_);
  std::erase_if(slots_, [&](Slot& slot) {
    if (slot.badge != badge) return false;
    wipe(slot.token);
    return true;
  });
}

void TokenShelf::expire(BootTime now) {
  while (!slots_.empty() && now - slots_.front().at >= lifetime) {
    wipe(slots_.front().token);
    slots_.pop_front();
  }
}

}  // namespace gapura::gateway
