// SPDX-License-Identifier: Apache-2.0
#include "drivers/camera/clip_requests.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include "drivers/camera/child_checks.h"

namespace gapura::drivers {
namespace {

constexpr Millis clip_limit{4000};  // after the clip's end
constexpr std::size_t most_clips = 8;

// Browsers get a clip as video/mp4, so it must begin like one.
bool is_mp4(const std::vector<std::uint8_t>& bytes) {
  static constexpr std::string_view mark = "ftyp";
  return bytes.size() > 8 && std::equal(mark.begin(), mark.end(), bytes.begin() + 4);
}

}  // namespace

void ClipRequests::add(BootTime from, BootTime until, ClipDone done, std::string why_not) {
  const MutexLock lock(mutex_);
  if (why_not.empty() && wanted_.size() >= most_clips) why_not = "too many clips are being made";
  const bool never = !why_not.empty();
  wanted_.push_back({++last_, from, until, std::move(done), never, {}, std::move(why_not)});
}

std::vector<link::ClipRequest> ClipRequests::take_unsent() {
  const MutexLock lock(mutex_);
  std::vector<link::ClipRequest> requests;
  for (auto& each : wanted_)
    if (!std::exchange(each.asked, true)) requests.push_back({each.number, each.from, each.until});
  return requests;
}

bool ClipRequests::take(link::ClipPart& part) {
  Wanted finished;
  bool broke = false;
  {
    const MutexLock lock(mutex_);
    const auto found =
        std::find_if(wanted_.begin(), wanted_.end(), [&](const Wanted& each) { return each.number == part.number; });
    if (found == wanted_.end()) return true;  // given up in the meantime
    auto& bytes = found->clip.bytes;
    broke = bytes.size() + part.bytes.size() > link::largest_clip;
    if (!broke) bytes.insert(bytes.end(), part.bytes.begin(), part.bytes.end());
    broke = broke || (part.last && !bytes.empty() && !is_mp4(bytes));
    if (!part.last && !broke) return true;
    finished = std::move(*found);
    wanted_.erase(found);
  }
  if (broke) {
    finished.done(fail(ErrorKind::unavailable, "the reading process sent no clip"));
    return false;
  }
  if (finished.clip.bytes.empty()) {
    finished.done(fail(ErrorKind::unavailable, printable(part.why_not)));
    return true;
  }
  finished.clip.from = bounded(part.from);
  finished.clip.until = bounded(part.until);
  finished.done(std::make_shared<const Clip>(std::move(finished.clip)));
  return true;
}

template <class Which>
void ClipRequests::fail_those(Which which, const std::string& why) {
  std::vector<Wanted> failed;
  {
    const MutexLock lock(mutex_);
    const auto kept =
        std::stable_partition(wanted_.begin(), wanted_.end(), [&](const Wanted& each) { return !which(each); });
    std::move(kept, wanted_.end(), std::back_inserter(failed));
    wanted_.erase(kept, wanted_.end());
  }
  for (const auto& each : failed)
    each.done(
        fail(ErrorKind::unavailable, fmt::format("camera {}: {}", camera_, each.why_not.empty() ? why : each.why_not)));
}

void ClipRequests::drop_late(BootTime now) {
  fail_those([&](const Wanted& each) { return !each.why_not.empty() || now > each.until + clip_limit; },
             "no clip came in time");
}

void ClipRequests::fail_asked(const std::string& why) {
  fail_those([](const Wanted& each) { return each.asked; }, why);
}

void ClipRequests::fail_all(const std::string& why) {
  fail_those([](const Wanted&) { return true; }, why);
}

}  // namespace gapura::drivers
