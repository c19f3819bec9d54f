// SPDX-License-Identifier: Apache-2.0
#include "gateway/media/picture_keeper.h"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace gapura::gateway {

constexpr std::size_t most_waiting = 64;

PictureKeeper::PictureKeeper(PictureStore store, std::function<void(PictureKept)> kept)
    : store_(std::move(store)), kept_(std::move(kept)), thread_([this] { run(); }) {}

PictureKeeper::~PictureKeeper() {
  {
    const MutexLock lock(mutex_);
    closing_ = true;
  }
  arrived_.notify_one();
  thread_.join();
}

void PictureKeeper::keep(PictureKept about, StillPtr still) {
  add({std::move(about), std::move(still), nullptr, Millis(0), nullptr, {}});
}

void PictureKeeper::take(PictureKept about, drivers::Camera& camera, Millis limit) {
  add({std::move(about), nullptr, &camera, limit, nullptr, {}});
}

void PictureKeeper::keep_clip(std::vector<PictureKept> about, ClipPtr clip) {
  if (about.empty()) return;
  PictureKept first = about.front();
  add({std::move(first), nullptr, nullptr, Millis(0), std::move(clip), std::move(about)});
}

void PictureKeeper::set_owner(std::string hash, VisitId visit) {
  Job job;
  job.work = [this, hash = std::move(hash), visit = std::move(visit)] {
    const auto owner = store_.owner_of(visit);
    const Status given = !owner ? Status(tl::unexpected(owner.error())) : store_.set_owner(hash, *owner);
    if (!given) spdlog::error("picture of visit {} stays under the key of its day: {}", visit.str(), given.error().message);
  };
  add(std::move(job));
}

void PictureKeeper::seal_old_files() {
  Job job;
  job.work = [this] {
    const auto done = store_.seal_old_files([this] {
      const MutexLock lock(mutex_);
      while (!jobs_.empty() && take_job()) {}
      return closing_;
    });
    // Files that could not be sealed are tried again at the next start.
    if (!done) return spdlog::error("old pictures are not sealed: {}", done.error().message);
    if (*done > 0) spdlog::info("{} old pictures and clips were sealed", *done);
  };
  add(std::move(job));
}

void PictureKeeper::add(Job job) {
  {
    const MutexLock lock(mutex_);
    if (jobs_.size() >= most_waiting) {
      spdlog::warn("too many pictures wait for the disk; entry {} goes without", job.about.entry);
      return;
    }
    jobs_.push_back(std::move(job));
  }
  arrived_.notify_one();
}

void PictureKeeper::run() {
  MutexLock lock(mutex_);
  do {
    arrived_.wait(lock, [&]() REQUIRES(mutex_) { return closing_ || !jobs_.empty(); });
  } while (take_job() || !closing_);
}

// Takes the next job and works on it without the lock. Returns false when there is none.
bool PictureKeeper::take_job() {
  // At the end pictures already taken are still kept; those that a camera would have to take are not.
  while (closing_ && !jobs_.empty() && !jobs_.front().still && !jobs_.front().clip) jobs_.pop_front();
  if (jobs_.empty()) return false;
  Job job = std::move(jobs_.front());
  jobs_.pop_front();
  mutex_.unlock();
  store(job);
  mutex_.lock();
  return true;
}

Result<std::string> PictureKeeper::owner_of(const Job& job) const {
  if (job.about.visit.empty()) return std::string();
  for (const auto& entry : job.entries)
    if (!(entry.visit == job.about.visit)) return std::string();
  return store_.owner_of(job.about.visit);
}

void PictureKeeper::store_clip(Job& job) {
  const auto owner = owner_of(job);
  auto hash =
      owner ? store_.keep_clip({reinterpret_cast<const char*>(job.clip->bytes.data()), job.clip->bytes.size()}, *owner)
            : owner;
  if (!hash) {
    spdlog::error("clip of entry {} not kept: {}", job.about.entry, hash.error().message);
    return;
  }
  for (auto& about : job.entries) {
    about.hash = *hash;
    about.bytes = job.clip->bytes.size();
    about.clip_ms = std::max<std::int64_t>(1, (job.clip->until - job.clip->from).count());
    kept_(std::move(about));
  }
}

void PictureKeeper::store(Job& job) {
  if (job.work) return job.work();
  if (job.clip) return store_clip(job);
  if (!job.still && job.camera) {
    auto taken = job.camera->take_still(job.limit);
    if (taken) {
      job.still = *taken;
    } else {
      spdlog::warn("no picture for entry {}: {}", job.about.entry, taken.error().message);
    }
  }
  if (!job.still) return;
  const auto owner = owner_of(job);
  auto hash =
      owner ? store_.keep({reinterpret_cast<const char*>(job.still->jpeg.data()), job.still->jpeg.size()}, *owner) : owner;
  if (!hash) {
    spdlog::error("picture of entry {} not kept: {}", job.about.entry, hash.error().message);
    return;
  }
  job.about.hash = *hash;
  job.about.bytes = job.still->jpeg.size();
  kept_(std::move(job.about));
}

}  // namespace gapura::gateway
