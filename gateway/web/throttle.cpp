// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/throttle.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <vector>

#include "gateway/web/passwords.h"

namespace gapura::gateway {

bool Throttle::take(const std::string& bucket, Rate rate, BootTime now) {
  const std::lock_guard lock(mutex_);
  auto found = buckets_.find(bucket);
  if (found == buckets_.end()) {
    if (buckets_.size() >= 10'000) make_room(now);
    found = buckets_.emplace(bucket, Bucket{static_cast<double>(rate.burst), now, rate}).first;
  }
  Bucket& it = found->second;
  const double refill = std::chrono::duration<double>(now - it.at) / std::chrono::duration<double>(rate.each);
  it.left = std::min<double>(rate.burst, it.left + refill);
  it.at = now;
  if (it.left < 1) return false;
  it.left -= 1;
  return true;
}

void Throttle::give_back(const std::string& bucket, Rate rate) {
  const std::lock_guard lock(mutex_);
  if (auto found = buckets_.find(bucket); found != buckets_.end())
    found->second.left = std::min<double>(rate.burst, found->second.left + 1);
}

void Throttle::forget(const std::string& bucket) {
  const std::lock_guard lock(mutex_);
  buckets_.erase(bucket);
}

std::size_t Throttle::size() {
  const std::lock_guard lock(mutex_);
  return buckets_.size();
}

// Full buckets hold nothing worth keeping; if all are in use, the oldest tenth goes.
void Throttle::make_room(BootTime now) {
  std::erase_if(buckets_, [&](const auto& entry) {
    return now - entry.second.at > entry.second.rate.each * entry.second.rate.burst;
  });
  if (buckets_.size() < 10'000) return;
  std::vector<BootTime> ages;
  for (const auto& [name, bucket] : buckets_) ages.push_back(bucket.at);
  std::nth_element(ages.begin(), ages.begin() + 1'000, ages.end());
  std::erase_if(buckets_, [&](const auto& entry) { return entry.second.at <= ages[1'000]; });
}

std::string DeviceCookies::mac(const std::string& user, std::string_view nonce) const {
  const std::string message = user + '\n' + std::string(nonce);
  std::array<unsigned char, crypto_auth_hmacsha256_BYTES> out{};
  crypto_auth_hmacsha256(out.data(), reinterpret_cast<const unsigned char*>(message.data()), message.size(),
                         reinterpret_cast<const unsigned char*>(key_.data()));
  std::array<char, 64> text{};
  sodium_bin2base64(text.data(), text.size(), out.data(), out.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  return text.data();
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
