// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/http/idempotency.h"

#include <algorithm>

#include "gateway/web/http/problem.h"

namespace gapura::gateway {

std::optional<Response> Idempotency::begin(const std::string& place, const std::string& body_hash, BootTime now) {
  const MutexLock lock(mutex_);
  make_room(now);
  const auto [found, fresh] = slots_.try_emplace(place, Slot{body_hash, now, {}, {}});
  if (fresh) return std::nullopt;
  Slot& slot = found->second;
  if (slot.body_hash != body_hash) throw Problem("conflict", "This Idempotency-Key was used for another request.");
  if (slot.response) return slot.response;
  if (!slot.outcome) throw Problem("conflict", "The first request with this Idempotency-Key is still running.");
  switch (slot.outcome()) {
    case Outcome::unknown:
      throw Problem("timed_out", "The gateway has not confirmed the first request yet. Look at the current state.");
    case Outcome::carried_out:
      throw Problem("conflict", "The first request was carried out, late. Look at the current state.");
    case Outcome::refused:
      break;
  }
  slot = Slot{body_hash, now, {}, {}};  // nothing has happened: this one is the first
  return std::nullopt;
}

void Idempotency::finish(const std::string& place, const Response& response) {
  const MutexLock lock(mutex_);
  if (auto slot = slots_.find(place); slot != slots_.end()) slot->second.response = response;
}

void Idempotency::doubt(const std::string& place, std::function<Outcome()> outcome) {
  const MutexLock lock(mutex_);
  if (auto slot = slots_.find(place); slot != slots_.end()) slot->second.outcome = std::move(outcome);
}

void Idempotency::abandon(const std::string& place) {
  const MutexLock lock(mutex_);
  slots_.erase(place);
}

void Idempotency::make_room(BootTime now) {
  std::erase_if(slots_, [&](const auto& entry) { return now - entry.second.at >= std::chrono::minutes(10); });
  if (slots_.size() < 1'000) return;
  slots_.erase(std::min_element(slots_.begin(), slots_.end(),
                                [](const auto& a, const auto& b) { return a.second.at < b.second.at; }));
}

}  // namespace gapura::gateway
