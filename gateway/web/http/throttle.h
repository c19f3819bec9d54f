// SPDX-License-Identifier: Apache-2.0
// Slows down guessing without letting an attacker keep anybody out (OWASP's device cookies): a device that signed in as a
// user before has a bucket of its own; all unknown devices share one per account, and one per address.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "drivers/mutex.h"
#include "models/base/time.h"

namespace gapura::gateway {

// Thread-safe. Token buckets of failures. A bucket in use is never dropped, which would refill it: while 10,000 are in use,
// names without a bucket share one that began empty.
class Throttle {
 public:
  static constexpr std::size_t most = 10'000;
  struct Rate {
    int burst;
    std::chrono::seconds each;  // one more try after this long
  };
  // False: this bucket has no try left. Takes one otherwise.
  bool take(const std::string& bucket, Rate rate, BootTime now);
  void give_back(const std::string& bucket, Rate rate);  // the try was good
  void forget(const std::string& bucket);
  std::size_t size();

 private:
  struct Bucket {
    double left;
    BootTime at;
    Rate rate;
  };
  bool make_room(BootTime now) REQUIRES(mutex_);

  Mutex mutex_;
  std::map<std::string, Bucket> buckets_ GUARDED_BY(mutex_);
  std::optional<Bucket> shared_ GUARDED_BY(mutex_);
  std::optional<BootTime> swept_ GUARDED_BY(mutex_);
};

// The device cookie: "<nonce>.<mac>", the MAC over user and nonce with a key of this installation.
class DeviceCookies {
 public:
  explicit DeviceCookies(std::string key) : key_(std::move(key)) {}
  std::string make(const std::string& user) const;
  bool valid(const std::string& user, std::string_view cookie) const;

 private:
  std::string mac(const std::string& user, std::string_view nonce) const;
  std::string key_;  // 32 bytes
};

}  // namespace gapura::gateway
