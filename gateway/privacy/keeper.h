// SPDX-License-Identifier: Apache-2.0
// Carries approved destructions out: part by part through the core, the files, then the clearing of the file's unused
// space; and goes on after a restart where it was.
#pragma once

#include <functional>
#include <string>
#include <thread>

#include "drivers/mutex.h"
#include "gateway/contract/command.h"
#include "gateway/media/picture_store.h"

namespace gapura::gateway {

// All that is approved and not finished, and every doomed file. Blocks; not for the core's thread. `go_on` is asked between
// parts. Errors: unavailable (a reader held the log too long: try again later), storage, what the core answered.
Status carry_out_erasures(CorePort& core, const PictureStore& pictures, const std::string& database,
                          const std::function<bool()>& go_on);

// Files in the media folder that nothing mentions and that are older than a day: uploads that were never used, and what a
// crash left half written. Returns how many were deleted.
Result<std::int64_t> sweep_media(const std::string& media_folder, const std::string& database);

// Thread-safe. One thread: works when it is woken, at its start, and every ten minutes.
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
