// SPDX-License-Identifier: Apache-2.0
// The clips that are waited for, from the request to the last part that the child sends.
#pragma once

#include <string>
#include <vector>

#include "drivers/camera.h"
#include "drivers/camera/link.h"
#include "drivers/mutex.h"

namespace gapura::drivers {

// Thread-safe. Every request is answered exactly once, on the thread of the call that settles it.
class ClipRequests {
 public:
  explicit ClipRequests(std::string camera) : camera_(std::move(camera)) {}

  // `why_not`: known at once that there is none; told by drop_late(), on the supervising thread as everything is.
  void add(BootTime from, BootTime until, ClipDone done, std::string why_not);
  std::vector<link::ClipRequest> take_unasked();  // for the child
  // False: the child broke its protocol.
  bool take(link::ClipPart& part);
  void drop_late(BootTime now);
  void fail_asked(const std::string& why);  // the child that was asked is gone
  void fail_all(const std::string& why);

 private:
  // As far as it has come.
  struct Wanted {
    std::uint64_t number = 0;
    BootTime from, until;
    ClipDone done;
    bool asked = false;
    Clip clip;
    std::string why_not;  // known at once, told on the supervising thread as everything is
  };

  template <class Which>
  void fail_those(Which which, const std::string& why);

  const std::string camera_;
  Mutex mutex_;
  std::vector<Wanted> wanted_ GUARDED_BY(mutex_);
  std::uint64_t last_ GUARDED_BY(mutex_) = 0;
};

}  // namespace gapura::drivers
