// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/api/upload_registry.h"

#include <algorithm>

namespace gapura::gateway {

constexpr std::size_t most_uploads = 10'000;

void UploadRegistry::put(const std::string& hash, const std::string& user, BootTime now) {
  const MutexLock lock(mutex_);
  expire(now);
  if (slots_.size() >= most_uploads) slots_.pop_front();
  slots_.push_back({hash, user, now});
}

void UploadRegistry::remove(const std::string& hash) {
  const MutexLock lock(mutex_);
  std::erase_if(slots_, [&](const Slot& slot) { return slot.hash == hash; });
}

bool UploadRegistry::has(const std::string& hash, const std::string& user, BootTime now) {
  const MutexLock lock(mutex_);
  expire(now);
  return std::any_of(slots_.begin(), slots_.end(),
                     [&](const Slot& slot) { return slot.hash == hash && slot.user == user; });
}

void UploadRegistry::expire(BootTime now) {
  while (!slots_.empty() && now - slots_.front().at >= lifetime) slots_.pop_front();
}

}  // namespace gapura::gateway
