// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/http/throttle.h"

#include <sodium.h>

#include <algorithm>
#include <array>

#include "drivers/base64.h"
#include "gateway/web/http/passwords.h"

namespace gapura::gateway {
namespace {

double refill(BootTime from, BootTime to, Throttle::Rate rate) {
  return std::chrono::duration<double>(to - from) / std::chrono::duration<double>(rate.each);
}

}  // namespace

bool Throttle::take(const std::string& bucket, Rate rate, BootTime now) {
  const MutexLock lock(mutex_);
  const auto found = buckets_.find(bucket);
  Bucket* it = found == buckets_.end() ? nullptr : &found->second;
  if (!it && (buckets_.size() < most || make_room(now)))
    it = &buckets_.emplace(bucket, Bucket{static_cast<double>(rate.burst), now, rate}).first->second;
  if (!it) it = shared_ ? &*shared_ : &shared_.emplace(Bucket{0, now, rate});
  it->left = std::min<double>(rate.burst, it->left + refill(it->at, now, rate));
  it->at = now;
  if (it->left < 1) return false;
  it->left -= 1;
  return true;
}

void Throttle::give_back(const std::string& bucket, Rate rate) {
  const MutexLock lock(mutex_);
  if (auto found = buckets_.find(bucket); found != buckets_.end())
    found->second.left = std::min<double>(rate.burst, found->second.left + 1);
}

void Throttle::forget(const std::string& bucket) {
  const MutexLock lock(mutex_);
  buckets_.erase(bucket);
}

std::size_t Throttle::size() {
  const MutexLock lock(mutex_);
  return buckets_.size();
}

// Full buckets hold nothing worth keeping. Looking for them reads all, so once a second at most.
bool Throttle::make_room(BootTime now) {
  if (swept_ && now - *swept_ < std::chrono::seconds(1)) return false;
  swept_ = now;
  std::erase_if(buckets_, [&](const auto& entry) {
    const Bucket& it = entry.second;
    return it.left + refill(it.at, now, it.rate) >= it.rate.burst;
  });
  return buckets_.size() < most;
}

std::string DeviceCookies::mac(const std::string& user, std::string_view nonce) const {
  const std::string message = user + '\n' + std::string(nonce);
  std::array<unsigned char, crypto_auth_hmacsha256_BYTES> out{};
  crypto_auth_hmacsha256(out.data(), reinterpret_cast<const unsigned char*>(message.data()), message.size(),
                         reinterpret_cast<const unsigned char*>(key_.data()));
  return to_base64url({reinterpret_cast<const char*>(out.data()), out.size()});
}

std::string DeviceCookies::make(const std::string& user) const {
  const std::string nonce = generate_secret();
  return nonce + '.' + mac(user, nonce);
}

bool DeviceCookies::valid(const std::string& user, std::string_view cookie) const {
  const auto dot = cookie.find('.');
  if (dot == std::string_view::npos || cookie.size() > 200) return false;
  return equal_in_constant_time(cookie.substr(dot + 1), mac(user, cookie.substr(0, dot)));
}

}  // namespace gapura::gateway
