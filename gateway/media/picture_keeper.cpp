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
    const std::lock_guard lock(mutex_);
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

void PictureKeeper::add(Job job) {
  {
    const std::lock_guard lock(mutex_);
    if (jobs_.size() >= most_waiting) {
      spdlog::warn("too many pictures wait for the disk; entry {} goes without", job.about.entry);
      return;
    }
    jobs_.push_back(std::move(job));
  }
  arrived_.notify_one();
}

void PictureKeeper::run() {
  for (;;) {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [&] { return closing_ || !jobs_.empty(); });
    // At the end the pictures in hand are still kept; those that a camera would have to take are not.
    while (closing_ && !jobs_.empty() && !jobs_.front().still && !jobs_.front().clip) jobs_.pop_front();
    if (jobs_.empty()) {
      if (closing_) return;
      continue;
    }
    Job job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    store(job);
  }
}

void PictureKeeper::store_clip(Job& job) {
  auto hash = store_.keep_clip({reinterpret_cast<const char*>(job.clip->bytes.data()), job.clip->bytes.size()});
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
  auto hash = store_.keep({reinterpret_cast<const char*>(job.still->jpeg.data()), job.still->jpeg.size()});
  if (!hash) {
    spdlog::error("picture of entry {} not kept: {}", job.about.entry, hash.error().message);
    return;
  }
  job.about.hash = *hash;
  job.about.bytes = job.still->jpeg.size();
  kept_(std::move(job.about));
}

}  // namespace gapura::gateway
