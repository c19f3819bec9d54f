// SPDX-License-Identifier: Apache-2.0
// Answers to POSTs with an Idempotency-Key, for ten minutes: a repeated click or a retry after a lost answer changes
// nothing.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "gateway/web/http.h"
#include "models/time.h"

namespace gapura::gateway {

// Thread-safe. At most 1,000 answers; the oldest goes first.
class Idempotency {
 public:
  // The answer kept for `place` (who, path and key). Nothing: the caller is the first and must call finish() or abandon().
  // Throws Problem (conflict): the first is still running, or the key was used for another body.
  std::optional<Response> begin(const std::string& place, const std::string& body_hash, BootTime now);
  void finish(const std::string& place, const Response& response);
  void abandon(const std::string& place);  // it failed: a retry may try again

 private:
  struct Slot {
    std::string body_hash;
    BootTime at;
    std::optional<Response> response;
  };
  void make_room(BootTime now);

  std::mutex mutex_;
  std::map<std::string, Slot> slots_;
};

}  // namespace gapura::gateway
