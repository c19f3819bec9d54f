// SPDX-License-Identifier: Apache-2.0
// The texts of badges just issued, for printing: in memory only, for ten minutes. The database knows their hashes alone.
#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <string>

#include "drivers/mutex.h"
#include "models/base/time.h"

namespace gapura::gateway {

// Thread-safe. At most 1,000 tokens; the oldest goes first. What leaves the shelf is wiped.
class TokenShelf {
 public:
  static constexpr std::chrono::minutes lifetime{10};
  ~TokenShelf();
  // Whose it is to show: the account and session (its hash) that had the badge made.
  struct Owner {
    std::string user, session;
    bool operator==(const Owner&) const = default;
  };
  struct Found {
    bool known = false;                // it is stored
    std::optional<std::string> token;  // nothing for any other than its owner
  };
  void put(const std::string& badge, Owner owner, std::string token, BootTime now);
  Found find(const std::string& badge, const Owner& owner, BootTime now);
  void remove(const std::string& badge);

 private:
  struct Slot {
    std::string badge, token;
    Owner owner;
    BootTime at;
  };
  void expire(BootTime now) REQUIRES(mutex_);

  Mutex mutex_;
  std::deque<Slot> slots_ GUARDED_BY(mutex_);  // oldest first
};

}  // namespace gapura::gateway
