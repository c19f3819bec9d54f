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
#include "drivers/camera/packet_ring.h"
#include "drivers/camera/picture_watch.h"
#include "drivers/camera/video_source.h"
#include "drivers/qr_reader/presentation.h"

namespace gapura::drivers {
namespace {

constexpr Millis longest_search{450};
constexpr Millis preview_interval{400}, live_interval{75};
constexpr Millis clip_grace{500};  // its last packets are on their way
constexpr std::size_t most_clips_wanted = 16;
constexpr Millis wrong_clock{60'000};
constexpr int preview_width = 640, still_width = 1280;
constexpr int preview_quality = 70, still_quality = 80;

// What the threads leave for the next health message. An instant of 0 means "not now".
struct Counters {
  std::atomic<std::uint64_t> frames{0}, dropped{0}, late{0}, decode_us{0}, search_us{0};
  std::atomic<std::int64_t> newest{0}, searching_since{0}, waiting_since{0};
  std::atomic<int> width{0}, height{0};
  std::atomic<CameraFault> source_fault{CameraFault::none};   // of the capturing thread: no frames
  std::atomic<CameraFault> clock_fault{CameraFault::none};    // of the capturing thread: frames all the same
  std::atomic<CameraFault> picture_fault{CameraFault::none};  // of the looking thread
  std::mutex detail_mutex;
  std::string detail;

  void set_detail(std::string text) {
    const std::lock_guard lock(detail_mutex);
    detail = std::move(text);
  }
  CameraFault fault() const {
    for (const auto* each : {&source_fault, &picture_fault, &clock_fault})
      if (*each != CameraFault::none) return *each;
    return CameraFault::none;
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
  explicit Worker(link::Settings settings) : settings_(std::move(settings)), watch_(settings_.picture) {}

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
        next_health = now + settings_.health;
      }
      serve_clips(now);
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
      if (const auto* watch = std::get_if<link::Watch>(&**message)) {
        watched_until_ = watch->until.time_since_epoch().count();
        live_until_ = watch->live_until.time_since_epoch().count();
      }
      if (const auto* clip = std::get_if<link::ClipRequest>(&**message); clip && clips_wanted_.size() < most_clips_wanted)
        clips_wanted_.push_back(*clip);
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
    health.late = counters_.late;
    health.fault = counters_.fault();
    health.width = counters_.width;
    health.height = counters_.height;
    {
      const std::lock_guard lock(counters_.detail_mutex);
      health.detail = counters_.detail;
    }
    outbox_.send(health);
  }

  // A clip is cut when its last moment has passed, whether pictures still come or not.
  void serve_clips(BootTime now) {
    for (auto request = clips_wanted_.begin(); request != clips_wanted_.end();) {
      if (now < request->until + clip_grace) {
        ++request;
        continue;
      }
      send_clip(*request);
      request = clips_wanted_.erase(request);
    }
  }

  void send_clip(const link::ClipRequest& request) {
    auto clip = ring_.cut(request.from, request.until);
    if (!clip || clip->bytes.size() > link::largest_clip) {
      outbox_.send(link::ClipPart{request.number, true, {}, {}, {}, clip ? "the clip is too large" : clip.error().message});
      return;
    }
    for (std::size_t at = 0; at < clip->bytes.size(); at += link::largest_part) {
      const auto begin = clip->bytes.begin() + static_cast<std::ptrdiff_t>(at);
      const std::size_t size = std::min(link::largest_part, clip->bytes.size() - at);
      outbox_.send(link::ClipPart{request.number,
                                  at + size == clip->bytes.size(),
                                  clip->from,
                                  clip->until,
                                  {begin, begin + static_cast<std::ptrdiff_t>(size)},
                                  ""});
    }
  }

  // --- capture thread

  // Opens the source, reads it until it fails, waits, again, for ever.
  [[noreturn]] void capture() {
    std::minstd_rand random(static_cast<unsigned>(getpid()));
    for (int failures = 0;; ++failures) {
      if (capture_once()) failures = 0;
      const int base = pause_after(failures);
      const int jitter = static_cast<int>(random() % static_cast<unsigned>(base / 5));
      std::this_thread::sleep_for(Millis{base - jitter});
    }
  }

  // A camera that comes back is back within two seconds; one that has been away for minutes within five. One that refuses
  // the password may lock the account when asked too often.
  int pause_after(int failures) const {
    if (counters_.source_fault == CameraFault::refused_login) return std::min(60'000, 10'000 * (1 + failures));
    const auto usual = static_cast<int>(std::max(Millis{10}, settings_.reconnect).count());
    return failures < 120 ? usual : 4 * usual;
  }

  // Returns whether any frame came.
  bool capture_once() {
    const SourceLimits limits{Millis{3000}, std::max(settings_.frame_limit / 2, settings_.frame_limit - Millis{300})};
    counters_.waiting_since = instant();
    auto source = open_source(settings_.url, limits, settings_.keeps_clips ? &ring_ : nullptr);
    if (!source) {
      counters_.waiting_since = 0;
      const bool refused = source.error().kind == ErrorKind::not_permitted;
      no_frames(refused ? CameraFault::refused_login : CameraFault::no_connection, source.error().message);
      return false;
    }
    const std::uint64_t late_before = counters_.late;
    for (bool any = false;; any = true) {
      counters_.waiting_since = instant();
      auto frame = (*source)->next();
      counters_.waiting_since = 0;
      const SourceState state = (*source)->state();
      counters_.late = late_before + state.late_frames;
      if (!frame) {
        no_frames(state.late ? CameraFault::late_picture : CameraFault::no_picture, frame.error().message);
        return any;
      }
      look_at_clock(state);
      count(*frame);
      if (!any) {
        counters_.source_fault = CameraFault::none;
        counters_.set_detail("");
        send_health();  // the parent need not wait for the next regular one to call the camera online
      }
      if (slot_.put(std::move(*frame))) ++counters_.dropped;
    }
  }

  void no_frames(CameraFault fault, std::string why) {
    counters_.source_fault = fault;
    counters_.set_detail(std::move(why));
    send_health();  // the first reason that the parent hears is the one it tells
  }

  void look_at_clock(const SourceState& state) {
    if (!state.clock_error) return;
    const bool wrong = *state.clock_error > wrong_clock || *state.clock_error < -wrong_clock;
    counters_.clock_fault = wrong ? CameraFault::wrong_clock : CameraFault::none;
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
      counters_.picture_fault =
          watch_.judge({frame.y.data, frame.y.width, frame.y.height, frame.y.stride}, frame.full_range, frame.captured);
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
    const bool live = at <= live_until_;
    if (!live && at > watched_until_) return;
    if (last_preview_ && frame.captured - *last_preview_ < (live ? live_interval : preview_interval)) return;
    last_preview_ = frame.captured;
    outbox_.send(link::Picture{true, to_jpeg(frame, preview_width, preview_quality)});
  }

  // Constant after construction.
  const link::Settings settings_;
  // Shared.
  Counters counters_;
  Outbox outbox_;
  FrameSlot slot_;
  std::atomic<std::int64_t> watched_until_{0}, live_until_{0}, still_after_{0};
  PacketRing ring_;
  // Talking thread only.
  std::vector<link::ClipRequest> clips_wanted_;
  // Looking thread only.
  QrReader reader_;
  Presentation presentation_;
  MotionGate gate_;
  PictureWatch watch_;
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
