// SPDX-License-Identifier: Apache-2.0
// The parent's side: supervises the child, checks everything it reports, and replaces it.
#include "drivers/camera.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <deque>
#include <thread>
#include <utility>

#include "drivers/camera/camera_state.h"
#include "drivers/camera/child_checks.h"
#include "drivers/camera/child_process.h"
#include "drivers/camera/clip_requests.h"
#include "drivers/camera/latest_pictures.h"
#include "drivers/camera/link.h"
#include "drivers/camera/video_source.h"
#include "drivers/camera/wake_up.h"
#include "drivers/mutex.h"

namespace gapura::drivers {
namespace {

constexpr Millis open_limit{3000};  // the child's own limit for opening a source
constexpr Millis patience{2000};    // added to the child's own limits
constexpr Millis watched_for{10'000}, live_for{3000};
constexpr Millis rate_window{2000};
constexpr Millis tick{100};

class CameraProcess final : public Camera {
 public:
  CameraProcess(CameraSettings settings, DeviceSink& sink, std::string program, int wake)
      : settings_(std::move(settings)), sink_(sink), program_(std::move(program)), wake_(wake) {
    thread_ = std::thread([this] { supervise(); });
  }

  ~CameraProcess() override {
    {
      const MutexLock lock(mutex_);
      stopping_ = true;
    }
    pictures_.close();
    wake_.ring();
    thread_.join();
    clips_.fail_all("the camera is being closed");
  }

  const CameraSettings& settings() const override { return settings_; }

  CameraStats stats() const override {
    const MutexLock lock(mutex_);
    return state_.stats;
  }

  StillPtr latest(Millis max_age) override {
    const BootTime now = boot_now();
    {
      const MutexLock lock(mutex_);
      const bool was_watched = std::exchange(watched_until_, now + watched_for) > now;
      if (!was_watched) wake_.ring();
    }
    return pictures_.latest(max_age, now);
  }

  Result<StillPtr> take_still(Millis limit) override {
    const BootTime asked = boot_now();
    {
      const MutexLock lock(mutex_);
      still_after_ = asked;
    }
    wake_.ring();
    if (auto still = pictures_.wait_still(asked, limit)) return still;
    const MutexLock lock(mutex_);
    if (!state_.stats.online)
      return fail(ErrorKind::unavailable,
                  fmt::format("camera {} shows no picture: {}", settings_.id.str(), state_.stats.detail));
    return fail(ErrorKind::timed_out, fmt::format("camera {} sent no picture in {} ms", settings_.id.str(), limit.count()));
  }

  std::uint64_t add_listener(PictureListener listener) override {
    const auto id = pictures_.add_listener(std::move(listener));
    wake_.ring();
    return id;
  }

  void remove_listener(std::uint64_t id) override { pictures_.remove_listener(id); }

  void take_clip(BootTime from, BootTime until, ClipDone done) override {
    clips_.add(from, until, std::move(done), settings_.keeps_clips ? "" : "this camera keeps no clips");
    wake_.ring();
  }

  void accept_view() override {
    accept_view_ = true;
    wake_.ring();
  }

  int child_pid() const override { return pid_; }

 private:
  bool stopping() const {
    const MutexLock lock(mutex_);
    return stopping_;
  }

  // --- supervising thread

  void supervise() {
    while (!stopping()) {
      const BootTime now = boot_now();
      if (!child_ && now >= next_start_) start_child(now);
      wait_for_news();
      if (child_) read_child();
      if (child_) check_limits();
      if (child_) send_requests();
      clips_.drop_late(boot_now());
      judge(boot_now());
    }
    if (child_) child_->kill();
    pid_ = 0;
  }

  void start_child(BootTime now) {
    auto started = ChildProcess::start(program_);
    if (!started) return end_child(started.error().message);
    child_.emplace(std::move(*started));
    pid_ = child_->pid();
    inbox_ = {};
    samples_.clear();
    started_ = heard_ = now;
    sent_watch_ = sent_live_ = sent_still_ = BootTime{};
    send(link::Settings{settings_.url, settings_.reads_badges, settings_.fps, settings_.frame_limit, settings_.keeps_clips,
                        settings_.picture, settings_.child.health, settings_.child.reconnect, view_, settings_.tls});
  }

  void wait_for_news() {
    pollfd list[2] = {{wake_.descriptor, POLLIN, 0}, {child_ ? child_->socket() : -1, POLLIN, 0}};
    poll(list, 2, static_cast<int>(tick.count()));
    if ((list[0].revents & POLLIN) != 0) wake_.clear();
  }

  void read_child() {
    for (;;) {
      const auto room = inbox_.room();
      const ssize_t n = recv(child_->socket(), room.data(), room.size(), 0);
      if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
      if (n <= 0) return end_child("");
      inbox_.filled(static_cast<std::size_t>(n));
      for (;;) {
        auto message = inbox_.next();
        if (!message) return end_child("the reading process broke its protocol");
        if (!*message) break;
        std::visit([this](auto& each) { take(each); }, **message);
        if (!child_) return;
      }
    }
  }

  void take(link::Reading& reading) {
    if (!settings_.reads_badges) return;
    {
      const MutexLock lock(mutex_);
      ++state_.stats.reads;
      state_.stats.last_read = boot_now();
    }
    sink_.badge_read({settings_.reader, std::move(reading.payloads), bounded(reading.captured), shared(reading.still)});
  }

  void take(link::Picture& message) {
    if (const StillPtr picture = shared(message.still)) pictures_.put(picture, message.preview);
  }

  void take(link::ClipPart& part) {
    if (!clips_.take(part)) end_child("the reading process broke its protocol");
  }

  void take(link::LearnedView& learned) {
    view_ = std::move(learned.view);
    if (settings_.keep_view) settings_.keep_view(view_);
  }

  void take(link::Health& health) {
    heard_ = boot_now();
    if (health.newest) health.newest = bounded(*health.newest);
    samples_.push_back({heard_, std::move(health), child_->cpu_seconds().value_or(0)});
    while (samples_.size() > 2 && heard_ - samples_[1].at >= rate_window) samples_.pop_front();
    const MutexLock lock(mutex_);
    state_.update(samples_.front(), samples_.back());
  }

  void check_limits() {
    const BootTime now = boot_now();
    if (now - heard_ > (samples_.empty() ? settings_.child.start : settings_.child.silence))
      return end_child("the reading process did not answer");
    if (samples_.empty()) return;
    const link::Health& health = samples_.back().health;
    if (health.searching_since && heard_ - *health.searching_since > settings_.child.search)
      return end_child("the search of one picture did not come to an end");
    const Millis longest_wait = std::max(open_limit, settings_.frame_limit) + patience;
    if (health.waiting_since && heard_ - *health.waiting_since > longest_wait) return end_child("the video library hung");
  }

  // Ends the child. A child that worked for a while is replaced at once; after repeated failures the pauses grow.
  void end_child(std::string why) {
    const BootTime now = boot_now();
    if (child_) {
      const std::string how = child_->kill();
      if (why.empty()) why = "the reading process " + how;
    }
    const bool worked =
        child_ && !samples_.empty() && samples_.back().health.frames > 0 && now - started_ >= settings_.child.worked_after;
    child_.reset();
    pid_ = 0;
    failures_ = worked ? 0 : failures_ + 1;
    const Millis delay = failures_ <= 1   ? settings_.child.restart
                         : failures_ <= 5 ? Millis{1000}
                                          : Millis{std::min(5000, 1000 * (failures_ - 4))};
    next_start_ = now + delay;
    clips_.fail_asked(why);
    const MutexLock lock(mutex_);
    state_.child_lost(std::move(why));
  }

  void send(const link::ToChild& message) {
    const auto bytes = link::encode(message);
    // Some bytes into an empty socket buffer: a partial write means that the child no longer reads.
    if (::send(child_->socket(), bytes.data(), bytes.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(bytes.size()))
      end_child("the reading process took no orders");
  }

  void send_requests() {
    BootTime watch, still;
    const auto clips = clips_.take_unsent();
    const BootTime live = pictures_.is_listened_to() ? boot_now() + live_for : sent_live_;
    {
      const MutexLock lock(mutex_);
      watch = watched_until_;
      still = still_after_;
    }
    // Extending the watch at every request of a browser would be a message each time: once a second is enough.
    if (watch - sent_watch_ > Millis{1000} || live - sent_live_ > Millis{1000}) {
      sent_watch_ = watch;
      sent_live_ = live;
      send(link::Watch{watch, live});
    }
    if (child_ && accept_view_.exchange(false)) send(link::AcceptView{});
    for (const auto& each : clips)
      if (child_) send(each);
    if (child_ && still > sent_still_) {
      sent_still_ = still;
      send(link::StillRequest{still});
    }
  }

  void judge(BootTime now) {
    std::optional<DeviceHealth> news;
    {
      const MutexLock lock(mutex_);
      news = state_.judge(now);
    }
    if (news) sink_.health(std::move(*news));
  }

  // Constant after construction.
  const CameraSettings settings_;
  DeviceSink& sink_;
  const std::string program_;
  const WakeUp wake_;

  // Supervising thread only.
  std::optional<ChildProcess> child_;
  link::Inbox<link::FromChild> inbox_;
  std::deque<HealthSample> samples_;
  BootTime started_, heard_, next_start_, sent_watch_, sent_live_, sent_still_;
  int failures_ = 0;
  ViewBytes view_ = settings_.view;

  mutable Mutex mutex_;
  bool stopping_ GUARDED_BY(mutex_) = false;
  CameraState state_ GUARDED_BY(mutex_){settings_, without_credentials(settings_.url)};
  BootTime watched_until_ GUARDED_BY(mutex_), still_after_ GUARDED_BY(mutex_);

  // Thread-safe by themselves.
  ClipRequests clips_{settings_.id.str()};
  LatestPictures pictures_;

  std::atomic<bool> accept_view_{false};
  std::atomic<int> pid_{0};
  std::thread thread_;  // last: it uses everything above
};

}  // namespace

Result<std::unique_ptr<Camera>> Camera::create(CameraSettings settings, DeviceSink& sink, std::string program) {
  if (settings.url.empty() || settings.url.size() > link::longest_url)
    return fail(ErrorKind::bad_input, fmt::format("camera {}: an address of 1 to {} characters is expected",
                                                  settings.id.str(), link::longest_url));
  if (settings.frame_limit < Millis{200} || settings.frame_limit > Millis{3'600'000})
    return fail(ErrorKind::bad_input,
                fmt::format("camera {}: a frame limit of 200 ms to one hour is expected", settings.id.str()));
  const int wake = WakeUp::open();
  if (wake < 0) return fail(ErrorKind::unavailable, "no descriptor left for a camera");
  return std::make_unique<CameraProcess>(std::move(settings), sink, std::move(program), wake);
}

}  // namespace gapura::drivers
