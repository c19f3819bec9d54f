// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/api/live_pictures.h"

#include <algorithm>

#include "gateway/web/api/auth.h"
#include "gateway/web/http/problem.h"

namespace gapura::gateway {
namespace {

constexpr std::chrono::milliseconds sweep_interval{1000};

std::shared_ptr<const std::string> part_of(const Still& picture) {
  auto part = std::make_shared<std::string>(
      "--frame\r\nContent-Type: image/jpeg\r\nContent-Length: " + std::to_string(picture.jpeg.size()) + "\r\n\r\n");
  part->append(picture.jpeg.begin(), picture.jpeg.end());
  part->append("\r\n");
  return part;
}

}  // namespace

Result<std::unique_ptr<LivePictures>> LivePictures::start(const std::string& database, std::function<Now()> now,
                                                          std::chrono::milliseconds session_check) {
  auto reader = TRY(Database::open_reader(database));
  std::unique_ptr<LivePictures> live(new LivePictures(Queries(std::move(reader)), std::move(now), session_check));
  live->thread_ = std::thread([self = live.get()] { self->run(); });
  return live;
}

LivePictures::~LivePictures() {
  std::map<drivers::Camera*, std::uint64_t> listening;
  {
    const MutexLock lock(mutex_);
    ending_ = true;
    for (const auto& viewer : viewers_) viewer.stream->close();
    listening.swap(listening_);
  }
  change_.notify_one();
  if (thread_.joinable()) thread_.join();
  for (const auto& [camera, id] : listening) camera->remove_listener(id);
}

void LivePictures::join(drivers::Camera& camera, const StreamPtr& stream, std::string session, std::string aide) {
  bool first = false;
  {
    const MutexLock lock(mutex_);
    if (ending_) return stream->close();
    const auto is_theirs = [&](const Viewer& viewer) { return viewer.session == session && !viewer.stream->closed(); };
    if (!session.empty() &&
        static_cast<std::size_t>(std::count_if(viewers_.begin(), viewers_.end(), is_theirs)) >= most_per_session)
      std::find_if(viewers_.begin(), viewers_.end(), is_theirs)->stream->close();
    viewers_.push_back({&camera, stream, std::move(session), std::move(aide)});
    first = listening_.emplace(&camera, 0).second;
  }
  if (const StillPtr newest = camera.latest(Millis(1000))) stream->send(part_of(*newest));
  if (!first) return;
  // Not under the lock: the camera holds its own while it calls send().
  const auto id = camera.add_listener([this, of = &camera](const StillPtr& picture) { send(of, picture); });
  const MutexLock lock(mutex_);
  listening_[&camera] = id;
}

void LivePictures::send(const drivers::Camera* camera, const StillPtr& picture) {
  std::shared_ptr<const std::string> part;
  const MutexLock lock(mutex_);
  for (const auto& viewer : viewers_) {
    if (viewer.camera != camera || viewer.stream->closed() || viewer.stream->queued() > 0) continue;
    if (!part) part = part_of(*picture);
    viewer.stream->send(part);
  }
}

void LivePictures::run() {
  auto next_check = std::chrono::steady_clock::now() + session_check_;
  for (;;) {
    {
      MutexLock lock(mutex_);
      change_.wait_for(lock, std::min(sweep_interval, session_check_), [this]() REQUIRES(mutex_) { return ending_; });
      if (ending_) return;
    }
    if (std::chrono::steady_clock::now() >= next_check) {
      end_forbidden();
      next_check = std::chrono::steady_clock::now() + session_check_;
    }
    sweep();
  }
}

void LivePictures::end_forbidden() {
  std::vector<Viewer> viewers;
  {
    const MutexLock lock(mutex_);
    viewers = viewers_;
  }
  if (viewers.empty()) return;
  try {
    const Now now = now_();
    queries_.look_from({now.offset});
    for (const auto& viewer : viewers)
      if (!Auth::still_valid(viewer.session, queries_, now) || !queries_.may_see_cameras(viewer.aide))
        viewer.stream->close();
  } catch (const Problem&) {
    queries_.release();  // a busy database: asked again soon
  }
}

void LivePictures::sweep() {
  std::vector<std::pair<drivers::Camera*, std::uint64_t>> unseen;
  {
    const MutexLock lock(mutex_);
    std::erase_if(viewers_, [](const Viewer& viewer) { return viewer.stream->closed(); });
    for (auto listener = listening_.begin(); listener != listening_.end();) {
      const bool seen = std::any_of(viewers_.begin(), viewers_.end(),
                                    [&](const Viewer& viewer) { return viewer.camera == listener->first; });
      if (seen || listener->second == 0) {
        ++listener;
        continue;
      }
      unseen.emplace_back(*listener);
      listener = listening_.erase(listener);
    }
  }
  for (const auto& [camera, id] : unseen) camera->remove_listener(id);
}

}  // namespace gapura::gateway
