// SPDX-License-Identifier: Apache-2.0
#include "console/post/cameras.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <map>
#include <opencv2/imgcodecs.hpp>
#include <thread>

#include "drivers/mutex.h"
#include "drivers/reader.h"
#include "models/base/time.h"

namespace gapura::tests {

using namespace simulated;

namespace {

constexpr Millis picture_pace{250};  // of live pictures, and how old one may be that is drawn for no other viewer

Millis steady_now() { return std::chrono::duration_cast<Millis>(std::chrono::steady_clock::now().time_since_epoch()); }

// Down to the millisecond.
std::string wall_stamp() {
  return format_rfc3339(std::chrono::floor<Millis>(std::chrono::system_clock::now()), std::chrono::minutes(0));
}

// A misbehaviour as the driver would name it once its limits have run. Nothing: a camera in order.
std::optional<drivers::CameraFault> fault_named(const std::string& name) {
  if (name == "normal") return drivers::CameraFault::none;
  if (name == "offline") return drivers::CameraFault::no_connection;
  if (name == "stall") return drivers::CameraFault::no_picture;
  return find_word<drivers::CameraFault>(name);
}

bool stays_online(drivers::CameraFault fault) {
  return fault == drivers::CameraFault::none || fault == drivers::CameraFault::moved ||
         fault == drivers::CameraFault::wrong_clock;
}

}  // namespace

class ShownCamera : public RtspCamera {
 public:
  explicit ShownCamera(const CameraPlan& plan) : plan_(plan), scene_({plan.place, plan.width, plan.height, plan.seed}) {}

  const CameraPlan& plan() const override { return plan_; }
  Status show(const std::string& code, Millis length) override { return hold({{code}, {}}, length); }
  Status show_two(const std::string& left, const std::string& right, Millis length) override {
    return hold({{left, right}, {}}, length);
  }
  Status show_picture(const std::vector<std::uint8_t>& picture, Millis length) override {
    return hold({{}, picture}, length);
  }
  Status show_sheet(const std::string& code, Millis length) override { return hold({{code}, {}}, length); }
  void clear() override {
    const MutexLock lock(mutex_);
    scene_.put_away();
    last_.reset();
  }
  void set_people(int count) override {
    const MutexLock lock(mutex_);
    scene_.set_people(count);
  }
  Status misbehave(const std::string& name, Millis length) override {
    const auto fault = fault_named(name);
    if (!fault || length > Millis(0))
      return fail(ErrorKind::bad_input,
                  "a drawn camera can be normal, offline, stall, or have a fault of the driver's, until the next call");
    set_fault(*fault);
    return {};
  }
  std::string misbehaviour() const override { return fault() == drivers::CameraFault::none ? "normal" : word(fault()); }
  bool watched() const override {
    const MutexLock lock(mutex_);
    return sink_ != nullptr;
  }
  std::uint64_t frames() const override { return frames_; }
  CameraFrame next_frame() override { return {}; }
  void watch(int) override {}
  std::uint64_t cuts() const override { return 0; }

  void connect(const drivers::CameraSettings& settings, drivers::DeviceSink& sink) {
    {
      const MutexLock lock(mutex_);
      settings_ = settings;
      sink_ = &sink;
    }
    say_health();
  }
  // No call to the sink is under way when this returns.
  void disconnect() {
    const MutexLock lock(mutex_);
    sink_ = nullptr;
  }
  drivers::CameraFault fault() const {
    const MutexLock lock(mutex_);
    return fault_;
  }
  void set_fault(drivers::CameraFault fault) {
    {
      const MutexLock lock(mutex_);
      fault_ = fault;
    }
    say_health();
  }
  void say_health() {
    const MutexLock lock(mutex_);
    if (!sink_) return;
    const std::string name = word(fault_);
    sink_->health({DeviceHealth::Kind::camera, settings_.id.str(), stays_online(fault_),
                   name.empty() ? "" : "simulated: " + name, drivers::boot_now(), name});
  }
  // At most so old; null while it is offline.
  StillPtr picture(Millis age) {
    const MutexLock lock(mutex_);
    if (!stays_online(fault_)) return nullptr;
    if (!last_ || drivers::boot_now() - last_->captured >= age) last_ = draw();
    return last_;
  }
  std::uint64_t reads() const { return reads_; }

 private:
  // One presentation is one read, with the picture in which it was seen.
  Status hold(const HeldItem& item, Millis length) {
    const MutexLock lock(mutex_);
    TRY(scene_.hold(item, steady_now() - Millis(300), length));
    last_ = draw();
    if (!sink_ || !settings_.reads_badges || item.codes.empty() || !stays_online(fault_)) return {};
    ++reads_;
    sink_->badge_read({settings_.reader, item.codes, drivers::boot_now(), last_});
    return {};
  }
  StillPtr draw() REQUIRES(mutex_) {
    // No two pictures are alike, as those of a sensor are not: the time is printed into them.
    ++frames_;
    FrameBytes bytes = scene_.draw_bgr(steady_now(), "CONTOH " + wall_stamp());
    auto still = std::make_shared<Still>();
    cv::imencode(".jpg", cv::Mat(plan_.height, plan_.width, CV_8UC3, bytes.data()), still->jpeg);
    still->width = plan_.width;
    still->height = plan_.height;
    still->captured = drivers::boot_now();
    return still;
  }

  const CameraPlan plan_;
  std::atomic<std::uint64_t> frames_{0}, reads_{0};
  mutable Mutex mutex_;
  BadgeScene scene_ GUARDED_BY(mutex_);
  drivers::CameraSettings settings_ GUARDED_BY(mutex_);
  drivers::DeviceSink* sink_ GUARDED_BY(mutex_) = nullptr;
  drivers::CameraFault fault_ GUARDED_BY(mutex_) = drivers::CameraFault::none;
  StillPtr last_ GUARDED_BY(mutex_);
};

namespace {

// What the gate holds of a camera. Listeners get pictures on a thread of its own, as from a real one.
class ConnectedCamera final : public drivers::Camera {
 public:
  ConnectedCamera(ShownCamera& shown, drivers::CameraSettings settings, drivers::DeviceSink& sink)
      : shown_(shown), settings_(std::move(settings)) {
    shown_.connect(settings_, sink);
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }
  ~ConnectedCamera() override { shown_.disconnect(); }

  const drivers::CameraSettings& settings() const override { return settings_; }
  drivers::CameraStats stats() const override {
    drivers::CameraStats stats;
    stats.fault = shown_.fault();
    stats.online = stays_online(stats.fault);
    stats.frames = shown_.frames();
    stats.reads = shown_.reads();
    stats.fps = shown_.plan().fps;
    stats.width = shown_.plan().width;
    stats.height = shown_.plan().height;
    return stats;
  }
  StillPtr latest(Millis) override { return shown_.picture(picture_pace); }
  Result<StillPtr> take_still(Millis) override {
    StillPtr still = shown_.picture(Millis(0));
    if (!still) return fail(ErrorKind::unavailable, "the camera is offline");
    return still;
  }
  std::uint64_t add_listener(drivers::PictureListener listener) override {
    const MutexLock lock(mutex_);
    listeners_.emplace(++last_id_, std::move(listener));
    changed_.notify_all();
    return last_id_;
  }
  void remove_listener(std::uint64_t id) override {
    const MutexLock lock(mutex_);
    listeners_.erase(id);
  }
  void take_clip(BootTime, BootTime, drivers::ClipDone done) override {
    done(fail(ErrorKind::unavailable, "a drawn camera keeps no stream"));
  }
  void accept_view() override {
    if (shown_.fault() == drivers::CameraFault::moved) shown_.set_fault(drivers::CameraFault::none);
  }
  int child_pid() const override { return 0; }

 private:
  void run(const std::stop_token& stop) {
    MutexLock lock(mutex_);
    while (!stop.stop_requested()) {
      changed_.wait(lock, stop, [this]() REQUIRES(mutex_) { return !listeners_.empty(); });
      if (const StillPtr still = listeners_.empty() ? nullptr : shown_.picture(picture_pace))
        for (const auto& [id, listener] : listeners_) listener(still);
      changed_.wait_for(lock, stop, picture_pace, [] { return false; });
    }
  }

  ShownCamera& shown_;
  const drivers::CameraSettings settings_;
  Mutex mutex_;
  std::condition_variable_any changed_;
  std::map<std::uint64_t, drivers::PictureListener> listeners_ GUARDED_BY(mutex_);
  std::uint64_t last_id_ GUARDED_BY(mutex_) = 0;
  std::jthread thread_;  // last: it uses everything above
};

}  // namespace

PostCameras::PostCameras() {
  for (const CameraPlan& plan :
       {CameraPlan{"gate", Place::gate, 640, 360, 4, 11}, CameraPlan{"exit", Place::exit, 640, 360, 4, 12},
        CameraPlan{"door", Place::door, 640, 360, 4, 13}, CameraPlan{"inside", Place::door, 640, 360, 4, 15},
        CameraPlan{"waiting", Place::waiting_room, 640, 360, 4, 14}})
    cameras_.push_back(std::make_unique<ShownCamera>(plan));
}

PostCameras::~PostCameras() = default;

Result<std::unique_ptr<drivers::Camera>> PostCameras::connect(drivers::CameraSettings settings, drivers::DeviceSink& sink) {
  const std::string name = settings.url.substr(settings.url.rfind('/') + 1);
  for (const auto& camera : cameras_)
    if (camera->plan().name == name) return std::make_unique<ConnectedCamera>(*camera, std::move(settings), sink);
  return fail(ErrorKind::bad_input, "this post has no camera " + name);
}

void PostCameras::say_health() {
  for (const auto& camera : cameras_) camera->say_health();
}

Result<RtspCamera*> PostCameras::add_camera(const CameraPlan& plan) {
  return fail(ErrorKind::conflict, "the post has its cameras; there is none to be added, nor " + plan.name);
}

RtspCamera* PostCameras::find_camera(const std::string& name) {
  for (const auto& camera : cameras_)
    if (camera->plan().name == name) return camera.get();
  return nullptr;
}

std::vector<RtspCamera*> PostCameras::cameras() {
  std::vector<RtspCamera*> all;
  for (const auto& camera : cameras_) all.push_back(camera.get());
  return all;
}

Status PostCameras::set_listening(bool up) {
  for (const auto& camera : cameras_)
    camera->set_fault(up ? drivers::CameraFault::none : drivers::CameraFault::no_connection);
  return {};
}

}  // namespace gapura::tests
