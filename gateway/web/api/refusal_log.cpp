// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/api/refusal_log.h"

#include <algorithm>

#include "gateway/web/http/peer_address.h"

namespace gapura::gateway {
namespace {

constexpr std::size_t most_lines = 256;
constexpr Millis first_wait{60'000}, longest_wait{3'600'000};
constexpr Throttle::Rate refusal_rate{30, std::chrono::seconds(6)};

}  // namespace

std::vector<NoteRefusal> RefusalLog::add(const NoteRefusal& refusal, BootTime now) {
  const MutexLock lock(mutex_);
  auto out = collect(now);
  const std::string kind = (refusal.sign_in ? "sign_in " : "request ") + std::string(word(refusal.why));
  const std::string source = kind + '\n' + refusal.account.str() + '\n' + address_key(refusal.address);
  if (auto line = lines_.find(source); line != lines_.end()) {
    const auto counted = line->second.newest.times;
    line->second.newest = refusal;
    line->second.newest.times += counted;
  } else if (lines_.size() < most_lines && has_room(now)) {
    out.push_back(refusal);
    Line& made = lines_.emplace(source, Line{refusal, now, first_wait}).first->second;
    made.newest.times = 0;
  } else {
    NoteRefusal of_several{refusal.sign_in, refusal.why, {}, "several", "several", false, 0};
    several_.try_emplace(kind, Line{of_several, now, first_wait}).first->second.newest.times += refusal.times;
  }
  return out;
}

std::vector<NoteRefusal> RefusalLog::due(BootTime now) {
  const MutexLock lock(mutex_);
  return collect(now);
}

std::vector<NoteRefusal> RefusalLog::rest() {
  const MutexLock lock(mutex_);
  std::vector<NoteRefusal> out;
  for (Lines* lines : {&lines_, &several_})
    for (auto& [source, line] : *lines) {
      if (line.newest.times > 0) out.push_back(line.newest);
      line.newest.times = 0;
    }
  return out;
}

std::vector<NoteRefusal> RefusalLog::collect(BootTime now) {
  std::vector<NoteRefusal> out;
  for (auto it = lines_.begin(); it != lines_.end();) {
    Line& line = it->second;
    const bool waited = now - line.entered >= line.wait;
    if (waited && line.newest.times == 0) {  // quiet meanwhile
      it = lines_.erase(it);
      continue;
    }
    if (waited && has_room(now)) {
      out.push_back(line.newest);
      line.newest.times = 0;
      line.entered = now;
      line.wait = std::min(line.wait * 2, longest_wait);
    }
    ++it;
  }
  for (auto it = several_.begin(); it != several_.end();) {
    if (now - it->second.entered < it->second.wait) {
      ++it;
      continue;
    }
    out.push_back(it->second.newest);
    it = several_.erase(it);
  }
  return out;
}

bool RefusalLog::has_room(BootTime now) { return room_.take("all", refusal_rate, now); }

}  // namespace gapura::gateway
