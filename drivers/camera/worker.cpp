// SPDX-License-Identifier: Apache-2.0
// The child: one thread captures, one searches the newest frame, this one talks to the parent. Any of them may hang or
// crash in a library; the parent, or the kernel's timer, then ends the process.
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <ctime>
#include <mutex>
#include <random>
#include <thread>

#include "drivers/camera.h"
#include "drivers/camera/frame_slot.h"
#include "drivers/camera/jpeg.h"
#include "drivers/camera/link.h"
#include "drivers/camera/motion_gate.h"
#include "drivers/camera/video_source.h"
#include "drivers/qr_reader/presentation.h"

namespace gapura::drivers {
namespace {

constexpr Millis health_interval{250};
constexpr Millis longest_search{450};
constexpr Millis preview_interval{200};
constexpr int preview_width = 640, still_width = 1280;
constexpr int preview_quality = 70, still_quality = 80;

// What the threads leave for the next health message. An instant of 0 means "not now".
struct Counters {
  std::atomic<std::uint64_t> frames{0}, dropped{0}, decode_us{0}, search_us{0};
  std::atomic<std::int64_t> newest{0}, searching_since{0}, waiting_since{0};
  std::atomic<int> width{0}, height{0};
  std::mutex detail_mutex;
  std::string detail;

  void set_detail(std::string text) {
    const std::lock_guard lock(detail_mutex);
    detail = std::move(text);
  }
};

std::int64_t instant() { return boot_now().time_since_epoch().count(); }

std::optional<BootTime> known(std::int64_t at) { return at == 0 ? std::nullopt : std::optional(BootTime{Millis{at}}); }

// Thread-safe. A parent that does not read is as good as gone.
class Outbox {
 public:
  void send(const link::FromChild& message) {
    const auto bytes = link::encode(message);
    const std::lock_guard lock(mutex_);
    for (std::size_t sent = 0; sent < bytes.size();) {
      const ssize_t n = ::send(link::child_descriptor, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) _exit(0);
      sent += static_cast<std::size_t>(n);
    }
  }

 private:
  std::mutex mutex_;
};

// The kernel ends this process when the search of one frame takes too long: nothing in here needs to be alive for that.
// Counted is the searching thread's own time, which on a machine that is not overloaded is the time that passes; on one
// that is, an honest frame must not cost the camera its process. For a search that sleeps for ever the parent has a limit.
class SearchLimit {
 public:
  SearchLimit() {
    sigevent ring{};
    ring.sigev_notify = SIGEV_SIGNAL;
    ring.sigev_signo = SIGALRM;  // not handled: ends the process
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

class Worker {
 public:
  explicit Worker(link::Settings settings) : settings_(std::move(settings)) {}

  // Never returns.
  [[noreturn]] void run(link::Inbox<link::ToChild>& inbox) {
    std::thread([this] { capture(); }).detach();
    std::thread([this] { look(); }).detach();
    read_wishes(inbox);  // what came together with the settings
    BootTime next_health = boot_now();
    for (;;) {
      const BootTime now = boot_now();
      if (now >= next_health) {
        send_health();
        next_health = now + health_interval;
      }
      pollfd socket{link::child_descriptor, POLLIN, 0};
      if (poll(&socket, 1, static_cast<int>(std::max(Millis{1}, next_health - now).count())) <= 0) continue;
      receive(inbox);
      read_wishes(inbox);
    }
  }

  // Reads what has arrived; the end of the stream is the end of the process.
  static void receive(link::Inbox<link::ToChild>& inbox) {
    const auto room = inbox.room();
    const ssize_t n = recv(link::child_descriptor, room.data(), room.size(), 0);
    if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN)) _exit(0);
    if (n > 0) inbox.filled(static_cast<std::size_t>(n));
  }

 private:
  void read_wishes(link::Inbox<link::ToChild>& inbox) {
    for (;;) {
      auto message = inbox.next();
      if (!message) _exit(1);
      if (!*message) return;
      if (const auto* watch = std::get_if<link::Watch>(&**message))
        watched_until_ = watch->until.time_since_epoch().count();
      if (const auto* still = std::get_if<link::StillRequest>(&**message))
        still_after_ = std::max<std::int64_t>(1, still->after.time_since_epoch().count());
    }
  }

  void send_health() {
    link::Health health;
    health.frames = counters_.frames;
    health.dropped = counters_.dropped;
    health.decode_us = counters_.decode_us;
    health.search_us = counters_.search_us;
    health.newest = known(counters_.newest);
    health.searching_since = known(counters_.searching_since);
    health.waiting_since = known(counters_.waiting_since);
    health.width = counters_.width;
    health.height = counters_.height;
    {
      const std::lock_guard lock(counters_.detail_mutex);
      health.detail = counters_.detail;
    }
    outbox_.send(health);
  }

  // --- capture thread

  // Opens the source, reads it until it fails, waits, again, for ever. Waits 1 s five times, then longer up to a limit that
  // keeps "back within ten seconds" true.
  [[noreturn]] void capture() {
    std::minstd_rand random(static_cast<unsigned>(getpid()));
    for (int failures = 0;; ++failures) {
      if (capture_once()) failures = 0;
      const int base = failures < 5 ? 1000 : std::min(5000, 1000 * (failures - 3));
      const int jitter = static_cast<int>(random() % static_cast<unsigned>(base / 5));
      std::this_thread::sleep_for(Millis{base - jitter});
    }
  }

  // Returns whether any frame came.
  bool capture_once() {
    const SourceLimits limits{Millis{3000}, std::max(Millis{500}, settings_.frame_limit - Millis{300})};
    counters_.waiting_since = instant();
    auto source = open_source(settings_.url, limits);
    if (!source) {
      counters_.waiting_since = 0;
      counters_.set_detail(source.error().message);
      return false;
    }
    for (bool any = false;; any = true) {
      counters_.waiting_since = instant();
      auto frame = (*source)->next();
      counters_.waiting_since = 0;
      if (!frame) {
        counters_.set_detail(frame.error().message);
        return any;
      }
      count(*frame);
      if (!any) {
        counters_.set_detail("");
        send_health();  // the parent need not wait for the next regular one to call the camera online
      }
      if (slot_.put(std::move(*frame))) ++counters_.dropped;
    }
  }

  void count(const Frame& frame) {
    counters_.width = frame.y.width;
    counters_.height = frame.y.height;
    counters_.decode_us += static_cast<std::uint64_t>(frame.decode_time.count());
    counters_.newest = frame.captured.time_since_epoch().count();
    ++counters_.frames;
  }

  // --- looking thread

  [[noreturn]] void look() {
    for (;;) {
      const Frame frame = slot_.take();
      if (settings_.reads_badges) search(frame);
      serve_wishes(frame);
    }
  }

  bool too_soon(const Frame& frame) const {
    return settings_.fps > 0 && last_looked_ &&
           frame.captured - *last_looked_ < Millis{static_cast<int>(1000 / settings_.fps)};
  }

  void search(const Frame& frame) {
    if (too_soon(frame)) return;
    last_looked_ = frame.captured;
    const auto begin = std::chrono::steady_clock::now();
    const auto codes = codes_in(frame);
    counters_.search_us += static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin).count());
    std::vector<std::string> payloads;
    payloads.reserve(codes.size());
    for (const auto& code : codes) payloads.push_back(code.payload);
    auto presented = presentation_.see(payloads, frame.captured);
    if (presented.empty()) return;
    // One message: the picture takes a few milliseconds once per presentation (drivers/camera/README.md has the figure).
    outbox_.send(link::Reading{frame.captured, std::move(presented), to_jpeg(frame, still_width, still_quality, codes)});
  }

  std::vector<Code> codes_in(const Frame& frame) {
    const GreyView grey{frame.y.data, frame.y.width, frame.y.height, frame.y.stride};
    if (!gate_.wants(grey, frame.captured, presentation_.in_view(frame.captured))) return {};
    counters_.searching_since = instant();
    const SearchLimit limit;
    auto codes = reader_.read_frame(grey);
    counters_.searching_since = 0;
    return codes;
  }

  void serve_wishes(const Frame& frame) {
    const std::int64_t at = frame.captured.time_since_epoch().count();
    std::int64_t wished = still_after_;
    if (wished != 0 && at >= wished) {
      // A request that came meanwhile is for a later frame and stays.
      still_after_.compare_exchange_strong(wished, 0);
      outbox_.send(link::Picture{false, to_jpeg(frame, still_width, still_quality)});
    }
    if (at > watched_until_ || (last_preview_ && frame.captured - *last_preview_ < preview_interval)) return;
    last_preview_ = frame.captured;
    outbox_.send(link::Picture{true, to_jpeg(frame, preview_width, preview_quality)});
  }

  // Constant after construction.
  const link::Settings settings_;
  // Shared.
  Counters counters_;
  Outbox outbox_;
  FrameSlot slot_;
  std::atomic<std::int64_t> watched_until_{0}, still_after_{0};
  // Looking thread only.
  QrReader reader_;
  Presentation presentation_;
  MotionGate gate_;
  std::optional<BootTime> last_looked_, last_preview_;
};

// The child keeps nothing it does not need: it dies with its parent, gains nothing by executing, writes no core (frames are
// personal data) and opens few files.
void give_up_rights() {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  const rlimit no_core{0, 0}, few_files{64, 64};
  setrlimit(RLIMIT_CORE, &no_core);
  setrlimit(RLIMIT_NOFILE, &few_files);
#ifndef __SANITIZE_ADDRESS__
  const rlimit memory{2u << 30, 2u << 30};  // four 4K streams' worth; the sanitizer's shadow alone needs terabytes
  setrlimit(RLIMIT_AS, &memory);
#endif
}

}  // namespace

int camera_worker_main() {
  give_up_rights();
  link::Inbox<link::ToChild> inbox;
  for (;;) {
    Worker::receive(inbox);
    auto message = inbox.next();
    if (!message) return 1;
    if (!*message) continue;
    auto* settings = std::get_if<link::Settings>(&**message);
    if (settings == nullptr) return 1;
    Worker(std::move(*settings)).run(inbox);
  }
}

}  // namespace gapura::drivers
