// SPDX-License-Identifier: Apache-2.0
// Writes pictures and clips to disk off the core's thread, so that evidence does not delay a door.
#pragma once

#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "drivers/camera.h"
#include "drivers/mutex.h"
#include "gateway/contract/change.h"
#include "gateway/media/picture_store.h"

namespace gapura::gateway {

// Thread-safe. One thread; at most 64 pictures wait, later ones are dropped with a warning.
class PictureKeeper {
 public:
  PictureKeeper(PictureStore store, std::function<void(PictureKept)> kept);
  ~PictureKeeper();
  // `about` is passed to `kept`, with hash and bytes filled in, once the file is durable.
  void keep(PictureKept about, StillPtr still);
  void take(PictureKept about, drivers::Camera& camera, Millis limit);
  // Records that this picture shows the guest of this visit.
  void set_owner(std::string hash, VisitId visit);
  // Seals, between other jobs, files of an earlier version or of an interrupted run. Call once the core runs: it makes the
  // keys.
  void seal_old_files();
  // Keeps one file as evidence of each of these entries.
  void keep_clip(std::vector<PictureKept> about, ClipPtr clip);

 private:
  struct Job {
    PictureKept about;
    StillPtr still;  // null: taken from `camera`
    drivers::Camera* camera = nullptr;
    Millis limit{0};
    ClipPtr clip = nullptr;
    std::vector<PictureKept> entries = {};  // of a clip
    std::function<void()> work = nullptr;   // any other job
  };
  void add(Job job);
  void run();
  bool take_job() REQUIRES(mutex_);
  void store(Job& job);
  void store_clip(Job& job);
  Result<std::string> owner_of(const Job& job) const;  // empty: an unknown person, or several

  PictureStore store_;
  std::function<void(PictureKept)> kept_;
  Mutex mutex_;
  Condition arrived_;
  std::deque<Job> jobs_ GUARDED_BY(mutex_);
  bool closing_ GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace gapura::gateway
