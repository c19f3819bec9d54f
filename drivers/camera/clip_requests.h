// SPDX-License-Identifier: Apache-2.0
// The clips that are being waited for, from the request to the last part that the child sends.
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

  // `why_not`: not empty when it is known at once that there is no clip; drop_late() then answers, on the supervising
  // thread.
  void add(BootTime from, BootTime until, ClipDone done, std::string why_not);
  std::vector<link::ClipRequest> take_unsent();  // for the child
  // Returns false when the child broke its protocol.
  bool take(link::ClipPart& part);
  void drop_late(BootTime now);
  void fail_asked(const std::string& why);  // the child that was asked has ended
  void fail_all(const std::string& why);

 private:
  // The state of one request.
  struct Wanted {
    std::uint64_t number = 0;
    BootTime from, until;
    ClipDone done;
    bool asked = false;
    Clip clip;
    std::string why_not;  // reason for no clip, known at once; reported on the supervising thread like every answer
  };

  template <class Which>
  void fail_those(Which which, const std::string& why);

  const std::string camera_;
  Mutex mutex_;
  std::vector<Wanted> wanted_ GUARDED_BY(mutex_);
  std::uint64_t last_ GUARDED_BY(mutex_) = 0;
};

}  // namespace gapura::drivers
