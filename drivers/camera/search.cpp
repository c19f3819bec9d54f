// SPDX-License-Identifier: Apache-2.0
#include "drivers/camera/search.h"

#include <signal.h>

#include <chrono>
#include <ctime>

#include "drivers/camera/jpeg.h"

namespace gapura::drivers {
namespace {

constexpr Millis longest_search{450};
constexpr Millis preview_interval{400}, live_interval{75};
constexpr int preview_width = 640, still_width = 1280;
constexpr int preview_quality = 70, still_quality = 80;

// The kernel ends this process when the search of one frame takes too long, without help from any thread here. The limit
// counts the search thread's own time: on a machine that is not overloaded this is elapsed time, and on an overloaded one
// an ordinary frame must not cost the camera its process. For a search that sleeps for ever the parent has a limit.
class SearchLimit {
 public:
  SearchLimit() {
    sigevent ring{};
    ring.sigev_notify = SIGEV_SIGNAL;
    ring.sigev_signo = SIGALRM;  // not handled, so it ends the process
    armed_ = timer_create(CLOCK_THREAD_CPUTIME_ID, &ring, &timer_) == 0;
    itimerspec limit{};
    limit.it_value.tv_nsec = std::chrono::nanoseconds(longest_search).count();
    if (armed_) timer_settime(timer_, 0, &limit, nullptr);
  }
  ~SearchLimit() {
    if (armed_) timer_delete(timer_);
  }
  SearchLimit(const SearchLimit&) = delete;
  SearchLimit& operator=(const SearchLimit&) = delete;

 private:
  timer_t timer_{};
  bool armed_ = false;
};

}  // namespace

void Search::run() {
  for (;;) {
    const Frame frame = slot_.take();
    const GreyView grey{frame.y.data, frame.y.width, frame.y.height, frame.y.stride};
    counters_.picture_fault = watch_.judge(grey, frame.full_range, frame.captured);
    if (counters_.picture_fault == CameraFault::none) check_view(grey, frame.captured);
    if (settings_.reads_badges) search(frame);
    serve_requests(frame);
  }
}

void Search::check_view(GreyView grey, BootTime captured) {
  if (requests_.accept_view.exchange(false)) view_.accept();
  counters_.view_fault = view_.judge(grey, captured) ? CameraFault::moved : CameraFault::none;
  counters_.landmarks = view_.landmarks();
  if (auto learned = view_.take_changed_views(); !learned.empty()) outbox_.send(link::LearnedView{std::move(learned)});
}

bool Search::too_soon(const Frame& frame) const {
  return settings_.fps > 0 && last_searched_ &&
         frame.captured - *last_searched_ < Millis{static_cast<int>(1000 / settings_.fps)};
}

void Search::search(const Frame& frame) {
  if (too_soon(frame)) return;
  last_searched_ = frame.captured;
  const auto begin = std::chrono::steady_clock::now();
  const auto codes = codes_in(frame);
  counters_.search_us += static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin).count());
  std::vector<std::string> payloads;
  payloads.reserve(codes.size());
  for (const auto& code : codes) payloads.push_back(code.payload);
  auto presented = presentation_.see(payloads, frame.captured);
  if (presented.empty()) return;
  // One message: encoding the picture takes a few milliseconds once per presentation (figure in drivers/camera/README.md).
  outbox_.send(link::Reading{frame.captured, std::move(presented), to_jpeg(frame, still_width, still_quality, codes)});
}

std::vector<Code> Search::codes_in(const Frame& frame) {
  const GreyView grey{frame.y.data, frame.y.width, frame.y.height, frame.y.stride};
  if (!gate_.wants(grey, frame.captured, presentation_.in_view(frame.captured))) return {};
  counters_.searching_since = instant();
  const SearchLimit limit;
  auto codes = reader_.read_frame(grey);
  counters_.searching_since = 0;
  return codes;
}

void Search::serve_requests(const Frame& frame) {
  const std::int64_t at = frame.captured.time_since_epoch().count();
  std::int64_t wanted = requests_.still_after;
  if (wanted != 0 && at >= wanted) {
    // A request that came meanwhile is for a later frame and is kept.
    requests_.still_after.compare_exchange_strong(wanted, 0);
    outbox_.send(link::Picture{false, to_jpeg(frame, still_width, still_quality)});
  }
  const bool live = at <= requests_.live_until;
  if (!live && at > requests_.watched_until) return;
  if (last_preview_ && frame.captured - *last_preview_ < (live ? live_interval : preview_interval)) return;
  last_preview_ = frame.captured;
  outbox_.send(link::Picture{true, to_jpeg(frame, preview_width, preview_quality)});
}

}  // namespace gapura::drivers
