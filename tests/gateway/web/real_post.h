// SPDX-License-Identifier: Apache-2.0
// The web on the real core: a site with an SOP, hours, a lockdown plan, a host and a detector, but no devices; with
// accounts for each role.
#pragma once

#include <atomic>

#include "gateway/core/core_thread.h"
#include "gateway/privacy/keeper.h"
#include "gateway/web/client.h"

namespace gapura::test {

class RealPost : public Served, public OrderSink, public Clock {
 public:
  RealPost();
  ~RealPost() override;

  Now now() override { return shifted_now(Millis(shift_.load())); }
  void later(Millis by) { shift_ += by.count(); }
  // For inputs that no route can cause: those of devices.
  CoreThread core;
  Settings settings;
  FakeCamera camera;
  std::unique_ptr<PrivacyKeeper> keeper;

  void pulse(std::uint64_t, const std::string&, Millis, BootTime) override {}
  void keep_still(std::uint64_t, const KeepStillOut&) override {}
  void take_still(std::uint64_t, const TakeStillOut&) override {}

 private:
  std::atomic<std::int64_t> shift_{0};
  std::atomic<WebServer*> listener_{nullptr};
};

// The post with a client for each role, and a second guard.
struct MannedPost {
  RealPost post;
  Client guard = signed_in(post, "sari"), other = signed_in(post, "made"), aide = signed_in(post, "budi"),
         admin = signed_in(post, "wayan");
};

}  // namespace gapura::test
