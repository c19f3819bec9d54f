// SPDX-License-Identifier: Apache-2.0
// Answers to POSTs with an Idempotency-Key, for ten minutes: a repeated click or a retry after a lost answer changes
// nothing. A request that the core did not confirm in time stays in doubt until its outcome is known.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "drivers/mutex.h"
#include "gateway/web/http/http.h"
#include "models/base/time.h"

namespace gapura::gateway {

enum class Outcome { unknown, carried_out, refused };

// Thread-safe. At most 1,000 answers; the oldest goes first.
class Idempotency {
 public:
  // The answer kept for `place` (who, path and key). Nothing: the caller is the first and must call finish(),
  // abandon() or doubt(). Throws Problem: conflict (the first is still running, or was carried out after its answer had
  // been given up, or the key was used for another body) or timed_out (in doubt).
  std::optional<Response> begin(const std::string& place, const std::string& body_hash, BootTime now);
  void finish(const std::string& place, const Response& response);
  void abandon(const std::string& place);  // it failed: a retry may try again
  // `outcome` is asked at every retry: thread-safe, at once.
  void doubt(const std::string& place, std::function<Outcome()> outcome);

 private:
  struct Slot {
    std::string body_hash;
    BootTime at;
    std::optional<Response> response;
    std::function<Outcome()> outcome;  // set: in doubt
  };
  void make_room(BootTime now) REQUIRES(mutex_);

  Mutex mutex_;
  std::map<std::string, Slot> slots_ GUARDED_BY(mutex_);
};

}  // namespace gapura::gateway
