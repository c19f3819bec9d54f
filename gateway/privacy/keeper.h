// SPDX-License-Identifier: Apache-2.0
// Carries out approved destructions: part by part through the core, then the files, then clearing the database file's
// unused space. After a restart it continues where it was.
#pragma once

#include <functional>
#include <string>
#include <thread>

#include "drivers/mutex.h"
#include "gateway/contract/command.h"
#include "gateway/media/picture_store.h"

namespace gapura::gateway {

// Carries out all approved, unfinished destructions, and deletes every doomed file. Blocks; not to be called on the core's
// thread. `go_on` is asked between parts. Errors: unavailable (a reader held the WAL too long: try again later), storage,
// and the core's.
Status carry_out_erasures(CorePort& core, const PictureStore& pictures, const std::string& database,
                          const std::function<bool()>& go_on);

// Deletes files in the media folder that are not referred to and are older than a day: unused uploads, and what a crash
// left incomplete. Returns how many were deleted.
Result<std::int64_t> sweep_media(const std::string& media_folder, const std::string& database);

// Thread-safe. Owns one thread, which works when it is woken, at its start, and every ten minutes.
class PrivacyKeeper {
 public:
  PrivacyKeeper(CorePort& core, PictureStore pictures, std::string data_folder);
  ~PrivacyKeeper();
  void wake();

 private:
  void run();
  bool going_on();

  CorePort& core_;
  PictureStore pictures_;
  const std::string folder_;
  Mutex mutex_;
  Condition change_;
  bool woken_ GUARDED_BY(mutex_) = true, closing_ GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace gapura::gateway
