// SPDX-License-Identifier: Apache-2.0
// The parent's side: supervises the child, believes nothing of it without a check, and restarts it.
#include "drivers/camera.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <deque>
#include <iterator>
#include <map>
#include <mutex>
#include <string_view>
#include <thread>
#include <utility>

#include "drivers/camera/child_process.h"
#include "drivers/camera/link.h"
#include "drivers/camera/video_source.h"

namespace gapura::drivers {
namespace {

constexpr Millis open_limit{3000};  // what the child allows itself to open a source
constexpr Millis patience{2000};    // on top of the child's own limits
constexpr Millis watched_for{10'000}, live_for{3000};
constexpr Millis clip_limit{4000};  // after a clip's last moment
constexpr std::size_t most_clips = 8;
constexpr Millis rate_window{2000};
constexpr Millis tick{100};

// A clip that somebody waits for, as far as it has come.
struct Wanted {
  std::uint64_t number = 0;
  BootTime from, until;
  ClipDone done;
  bool asked = false;
  Clip clip;
  std::string why_not;  // known at once, told on the supervising thread as everything is
};

// What the fault is called to a person. The screens have words of their own for the code.
const char* sentence(CameraFault fault) {
  switch (fault) {
    case CameraFault::black:
      return "the picture is black; check the light, the lens and the camera's night mode";
    case CameraFault::covered:
      return "there is nothing in the picture; something may lie on the lens, or it is out of focus";
    case CameraFault::frozen:
      return "the same picture comes again and again; restart the camera";
    case CameraFault::wrong_clock:
      return "the camera's own clock is more than a minute wrong; set it, or give it the site's time server";
    default:
      return "";
  }
}

bool spoils_picture(CameraFault fault) {
  return fault == CameraFault::black || fault == CameraFault::covered || fault == CameraFault::frozen;
}

// One health message and the process time at that moment; rates are differences of two.
struct Sample {
  BootTime at;
  link::Health health;
  double cpu_seconds = 0;
};

class CameraProcess final : public Camera {
 public:
  CameraProcess(CameraSettings settings, DeviceSink& sink, std::string program, int wake)
      : settings_(std::move(settings)),
        name_(without_credentials(settings_.url)),
        sink_(sink),
        program_(std::move(program)),
        wake_(wake) {
    thread_ = std::thread([this] { supervise(); });
  }

  ~CameraProcess() override {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    wake();
    thread_.join();
    ::close(wake_);
    give_up_clips("the camera is being closed");
  }

  const CameraSettings& settings() const override { return settings_; }

  CameraStats stats() const override {
    const std::lock_guard lock(mutex_);
    return stats_;
  }

  StillPtr latest(Millis max_age) override {
    const BootTime now = boot_now();
    const std::lock_guard lock(mutex_);
    const bool was_watched = watched_until_ > now;
    watched_until_ = now + watched_for;
    if (!was_watched) wake();
    return picture_ && now - picture_->captured <= max_age ? picture_ : nullptr;
  }

  Result<StillPtr> take_still(Millis limit) override {
    const BootTime asked = boot_now();
    std::unique_lock lock(mutex_);
    still_after_ = asked;
    wake();
    const auto fresh = [&] { return stopping_ || (still_ && still_->captured >= asked); };
    const bool came = changed_.wait_for(lock, limit, fresh);
    if (came && !stopping_) return still_;
    if (!stats_.online)
      return fail(ErrorKind::unavailable, fmt::format("camera {} shows no picture: {}", settings_.id.str(), stats_.detail));
    return fail(ErrorKind::timed_out, fmt::format("camera {} sent no picture in {} ms", settings_.id.str(), limit.count()));
  }

  std::uint64_t add_listener(PictureListener listener) override {
    const std::lock_guard lock(listeners_mutex_);
    listeners_.emplace(++last_listener_, std::move(listener));
    wake();
    return last_listener_;
  }

  void remove_listener(std::uint64_t id) override {
    const std::lock_guard lock(listeners_mutex_);
    listeners_.erase(id);
  }

  void take_clip(BootTime from, BootTime until, ClipDone done) override {
    const std::lock_guard lock(mutex_);
    const char* why_not = !settings_.keeps_clips         ? "this camera keeps no clips"
                          : wanted_.size() >= most_clips ? "too many clips are being made"
                                                         : "";
    wanted_.push_back({++last_clip_, from, until, std::move(done), *why_not != 0, {}, why_not});
    wake();
  }

  int child_pid() const override { return pid_; }

 private:
  void wake() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(wake_, &one, sizeof one);  // full means: will wake anyway
  }

  bool stopping() const {
    const std::lock_guard lock(mutex_);
    return stopping_;
  }

  // --- supervising thread

  void supervise() {
    born_ = boot_now();
    while (!stopping()) {
      const BootTime now = boot_now();
      if (!child_ && now >= next_start_) start_child(now);
      wait_for_news();
      if (child_) read_child();
      if (child_) check_limits();
      if (child_) send_wishes();
      drop_late_clips(boot_now());
      judge(boot_now());
    }
    if (child_) child_->kill();
    pid_ = 0;
  }

  void start_child(BootTime now) {
    auto started = ChildProcess::start(program_);
    if (!started) return lose_child(started.error().message);
    child_.emplace(std::move(*started));
    pid_ = child_->pid();
    inbox_ = {};
    samples_.clear();
    started_ = heard_ = now;
    sent_watch_ = sent_live_ = sent_still_ = BootTime{};
    send(link::Settings{settings_.url, settings_.reads_badges, settings_.fps, settings_.frame_limit, settings_.keeps_clips,
                        settings_.picture, settings_.child.health, settings_.child.reconnect});
  }

  void wait_for_news() {
    pollfd list[2] = {{wake_, POLLIN, 0}, {child_ ? child_->socket() : -1, POLLIN, 0}};
    poll(list, 2, static_cast<int>(tick.count()));
    if ((list[0].revents & POLLIN) != 0) {
      std::uint64_t count = 0;
      [[maybe_unused]] const auto got = ::read(wake_, &count, sizeof count);
    }
  }

  void read_child() {
    for (;;) {
      const auto room = inbox_.room();
      const ssize_t n = recv(child_->socket(), room.data(), room.size(), 0);
      if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
      if (n <= 0) return lose_child("");
      inbox_.filled(static_cast<std::size_t>(n));
      for (;;) {
        auto message = inbox_.next();
        if (!message) return lose_child("the reading process broke its protocol");
        if (!*message) break;
        std::visit([this](auto& each) { take(each); }, **message);
        if (!child_) return;
      }
    }
  }

  // A child cannot claim to have seen the future, nor something long ago.
  static BootTime believable(BootTime at) {
    const BootTime now = boot_now();
    return std::clamp(at, now - Millis{60'000}, now);
  }

  static StillPtr shared(Still& still) {
    if (still.jpeg.empty()) return nullptr;
    still.captured = believable(still.captured);
    return std::make_shared<const Still>(std::move(still));
  }

  void take(link::Reading& reading) {
    if (!settings_.reads_badges) return;
    {
      const std::lock_guard lock(mutex_);
      ++stats_.reads;
      stats_.last_read = boot_now();
    }
    sink_.badge_read({settings_.reader, std::move(reading.payloads), believable(reading.captured), shared(reading.still)});
  }

  void take(link::Picture& message) {
    const StillPtr picture = shared(message.still);
    if (!picture) return;
    {
      const std::lock_guard lock(mutex_);
      if (!picture_ || picture_->captured <= picture->captured) picture_ = picture;
      if (!message.preview) still_ = picture;
    }
    changed_.notify_all();
    if (!message.preview) return;
    const std::lock_guard lock(listeners_mutex_);
    for (const auto& [id, listener] : listeners_) listener(picture);
  }

  // Browsers get a clip as video/mp4: it has to begin like one.
  static bool is_mp4(const std::vector<std::uint8_t>& bytes) {
    static constexpr std::string_view mark = "ftyp";
    return bytes.size() > 8 && std::equal(mark.begin(), mark.end(), bytes.begin() + 4);
  }

  void take(link::ClipPart& part) {
    Wanted finished;
    bool broke = false;
    {
      const std::lock_guard lock(mutex_);
      const auto found =
          std::find_if(wanted_.begin(), wanted_.end(), [&](const Wanted& each) { return each.number == part.number; });
      if (found == wanted_.end()) return;  // given up meanwhile
      auto& bytes = found->clip.bytes;
      broke = bytes.size() + part.bytes.size() > link::largest_clip;
      if (!broke) bytes.insert(bytes.end(), part.bytes.begin(), part.bytes.end());
      broke = broke || (part.last && !bytes.empty() && !is_mp4(bytes));
      if (!part.last && !broke) return;
      finished = std::move(*found);
      wanted_.erase(found);
    }
    if (broke) {
      finished.done(fail(ErrorKind::unavailable, "the reading process sent no clip"));
      return lose_child("the reading process broke its protocol");
    }
    if (finished.clip.bytes.empty()) return finished.done(fail(ErrorKind::unavailable, printable(part.why_not)));
    finished.clip.from = believable(part.from);
    finished.clip.until = believable(part.until);
    finished.done(std::make_shared<const Clip>(std::move(finished.clip)));
  }

  template <class Which>
  void fail_clips(Which which, const std::string& why) {
    std::vector<Wanted> failed;
    {
      const std::lock_guard lock(mutex_);
      const auto kept =
          std::stable_partition(wanted_.begin(), wanted_.end(), [&](const Wanted& each) { return !which(each); });
      std::move(kept, wanted_.end(), std::back_inserter(failed));
      wanted_.erase(kept, wanted_.end());
    }
    for (const auto& each : failed)
      each.done(fail(ErrorKind::unavailable,
                     fmt::format("camera {}: {}", settings_.id.str(), each.why_not.empty() ? why : each.why_not)));
  }
  void give_up_clips(const std::string& why) {
    fail_clips([](const Wanted&) { return true; }, why);
  }
  void drop_late_clips(BootTime now) {
    fail_clips([&](const Wanted& each) { return !each.why_not.empty() || now > each.until + clip_limit; },
               "no clip came in time");
  }

  void take(link::Health& health) {
    heard_ = boot_now();
    if (health.newest) health.newest = believable(*health.newest);
    samples_.push_back({heard_, std::move(health), child_->cpu_seconds().value_or(0)});
    while (samples_.size() > 2 && heard_ - samples_[1].at >= rate_window) samples_.pop_front();
    const std::lock_guard lock(mutex_);
    update_stats(samples_.front(), samples_.back());
  }

  void update_stats(const Sample& first, const Sample& last) {
    const link::Health &old = first.health, &now = last.health;
    const double seconds = std::chrono::duration<double>(last.at - first.at).count();
    const auto frames = static_cast<double>(now.frames - old.frames);
    stats_.frames = frames_before_ + now.frames;
    stats_.dropped = dropped_before_ + now.dropped;
    stats_.late = late_before_ + now.late;
    if (now.fault != CameraFault::none || now.frames > 0) child_fault_ = now.fault;
    stats_.fps = seconds > 0 ? frames / seconds : 0;
    stats_.cpu = seconds > 0 ? std::max(0.0, last.cpu_seconds - first.cpu_seconds) / seconds : 0;
    stats_.decode_ms = frames > 0 ? static_cast<double>(now.decode_us - old.decode_us) / 1000 / frames : 0;
    stats_.search_ms = frames > 0 ? static_cast<double>(now.search_us - old.search_us) / 1000 / frames : 0;
    stats_.width = now.width;
    stats_.height = now.height;
    if (now.newest) {
      newest_ = now.newest;
      stats_.frame_age = last.at - *now.newest;  // when the child spoke, so that its 250 ms of silence do not count
    }
    if (!now.detail.empty()) why_ = printable(now.detail);
  }

  // The child's words go to logs and screens.
  static std::string printable(std::string text) {
    for (char& c : text)
      if (static_cast<unsigned char>(c) < ' ' || static_cast<unsigned char>(c) > 126) c = '?';
    return text;
  }

  void check_limits() {
    const BootTime now = boot_now();
    if (now - heard_ > (samples_.empty() ? settings_.child.start : settings_.child.silence))
      return lose_child("the reading process did not answer");
    if (samples_.empty()) return;
    const link::Health& health = samples_.back().health;
    if (health.searching_since && heard_ - *health.searching_since > settings_.child.search)
      return lose_child("the search of one picture did not come to an end");
    const Millis longest_wait = std::max(open_limit, settings_.frame_limit) + patience;
    if (health.waiting_since && heard_ - *health.waiting_since > longest_wait) return lose_child("the video library hung");
  }

  // Ends what is left of the child. A child that worked for a while is restarted at once; one that keeps failing, ever
  // later.
  void lose_child(std::string why) {
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
    fail_clips([](const Wanted& each) { return each.asked; }, why);
    const std::lock_guard lock(mutex_);
    frames_before_ = stats_.frames;
    dropped_before_ = stats_.dropped;
    late_before_ = stats_.late;
    ++stats_.restarts;
    child_fault_ = CameraFault::reader_failed;
    why_ = std::move(why);
  }

  void send(const link::ToChild& message) {
    const auto bytes = link::encode(message);
    // Some bytes into an empty socket buffer: anything but a whole write means a child that no longer reads.
    if (::send(child_->socket(), bytes.data(), bytes.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(bytes.size()))
      lose_child("the reading process took no orders");
  }

  void send_wishes() {
    BootTime watch, still;
    std::vector<link::ClipRequest> clips;
    const BootTime live = is_listened_to() ? boot_now() + live_for : sent_live_;
    {
      const std::lock_guard lock(mutex_);
      watch = watched_until_;
      still = still_after_;
      for (auto& each : wanted_)
        if (!std::exchange(each.asked, true)) clips.push_back({each.number, each.from, each.until});
    }
    // Every extension of the watch would be a message per request of a browser: once a second is enough.
    if (watch - sent_watch_ > Millis{1000} || live - sent_live_ > Millis{1000}) {
      sent_watch_ = watch;
      sent_live_ = live;
      send(link::Watch{watch, live});
    }
    for (const auto& each : clips)
      if (child_) send(each);
    if (child_ && still > sent_still_) {
      sent_still_ = still;
      send(link::StillRequest{still});
    }
  }

  bool is_listened_to() {
    const std::lock_guard lock(listeners_mutex_);
    return !listeners_.empty();
  }

  // What is wrong, as far as anything is. A child's own word on its pictures counts only while pictures come.
  CameraFault fault_now(bool fresh) const {
    if (fresh)
      return child_fault_ == CameraFault::wrong_clock || spoils_picture(child_fault_) ? child_fault_ : CameraFault::none;
    const bool known =
        child_fault_ != CameraFault::none && child_fault_ != CameraFault::wrong_clock && !spoils_picture(child_fault_);
    return known ? child_fault_ : CameraFault::no_picture;
  }

  // Online is what a fresh frame says that shows something, nothing else: a socket may stay open for ever.
  void judge(BootTime now) {
    bool news = false;
    DeviceHealth health{DeviceHealth::Kind::camera, settings_.id.str(), false, "", now, ""};
    {
      const std::lock_guard lock(mutex_);
      const bool fresh = newest_ && now - *newest_ <= settings_.frame_limit;
      const CameraFault fault = fault_now(fresh);
      health.online = fresh && !spoils_picture(fault);
      const bool first = !announced_ && (fresh || now - born_ > settings_.frame_limit);
      // While nothing comes the reason may change with every attempt; the first one is what is told.
      news =
          first || (announced_ && (health.online != stats_.online || fresh != fresh_ || (fresh && fault != stats_.fault)));
      announced_ |= first;
      fresh_ = fresh;
      stats_.online = health.online;
      if (!fresh) stats_.fps = 0;
      stats_.fault = fault;
      if (news && health.online) stats_.detail.clear();
      if (!health.online) stats_.detail = reason(fault);
      health.fault = word(fault);
      health.detail = health.online ? fmt::format("pictures of {}x{} arrive", stats_.width, stats_.height)
                                    : stats_.detail + "; guests cannot be read here until it is back";
      if (fault == CameraFault::wrong_clock) health.detail += fmt::format("; but {}", sentence(fault));
      if (news && health.online) why_.clear();
    }
    if (news) sink_.health(std::move(health));
  }

  std::string reason(CameraFault fault) const {
    if (spoils_picture(fault)) return sentence(fault);
    return why_.empty() ? fmt::format("no picture from {}; check its power and network", name_) : why_;
  }

  // Constant after construction.
  const CameraSettings settings_;
  const std::string name_;
  DeviceSink& sink_;
  const std::string program_;
  const int wake_;  // an eventfd

  // Supervising thread only.
  std::optional<ChildProcess> child_;
  link::Inbox<link::FromChild> inbox_;
  std::deque<Sample> samples_;
  BootTime born_, started_, heard_, next_start_, sent_watch_, sent_live_, sent_still_;
  int failures_ = 0;
  bool announced_ = false;

  // Under mutex_.
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  CameraStats stats_;
  std::uint64_t frames_before_ = 0, dropped_before_ = 0, late_before_ = 0;
  CameraFault child_fault_ = CameraFault::none;
  bool fresh_ = false;
  std::vector<Wanted> wanted_;
  std::uint64_t last_clip_ = 0;
  std::optional<BootTime> newest_;
  std::string why_;
  StillPtr picture_, still_;
  BootTime watched_until_, still_after_;

  // Held while listeners are called.
  std::mutex listeners_mutex_;
  std::map<std::uint64_t, PictureListener> listeners_;
  std::uint64_t last_listener_ = 0;

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
  const int wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (wake < 0) return fail(ErrorKind::unavailable, "no descriptor left for a camera");
  return std::make_unique<CameraProcess>(std::move(settings), sink, std::move(program), wake);
}

}  // namespace gapura::drivers
