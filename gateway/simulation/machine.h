// SPDX-License-Identifier: Apache-2.0
// The post's computer: starts the real core on the simulated disk, passes it inputs one by one, calls it at its deadlines,
// loses power, and starts again.
#pragma once

#include <functional>
#include <memory>

#include "gateway/core/core.h"
#include "gateway/simulation/checks.h"

namespace gapura::simulation {

class Machine {
 public:
  Machine(const SiteConfig& site, Queue& queue, SiteClock& clock, Disk& disk, Checks& checks, Random random);
  void connect(gateway::OrderSink& orders, std::function<void()> after_start);

  bool is_up() const { return core_ != nullptr; }
  const gateway::Core* core() const { return core_.get(); }
  void start();
  void restart();  // orderly; does nothing when it is down
  void stop();     // orderly, at the end
  // For this long the power fails again after each start, mostly within that many operations of the disk and always within
  // as many tenths of a second, and returns after seconds.
  void begin_storm(std::int64_t operations, Millis lasts);
  void deliver(gateway::Input input);
  // With `badge`: the one badge in view, as the world has it.
  void scan(BadgeRead read, const std::string& badge);
  Result<gateway::Reply> ask(gateway::Command command, Role role, const std::string& user = "");
  Now now() const { return clock_.now(); }
  int starts() const { return starts_; }
  static constexpr const char* path = "/data/gapura.db";

 private:
  void settle();
  void lose();
  void plan_tick();
  void plan_cut();
  bool storms() const { return queue_.now() < storm_until_; }
  void wait_for_power(Millis least, Millis most);

  const SiteConfig& site_;
  Queue& queue_;
  SiteClock& clock_;
  Disk& disk_;
  Checks& checks_;
  Random random_;
  gateway::OrderSink* orders_ = nullptr;
  std::function<void()> after_start_;
  std::unique_ptr<gateway::Core> core_;
  std::optional<gateway::Database> reader_;
  std::optional<BootTime> tick_at_;
  int starts_ = 0;
  bool off_ = false;
  int wal_pages_;
  bool without_indexes_;  // of the journal: three days of four, never in a storm
  std::int64_t storm_operations_ = 0;
  WorldTime storm_until_{0};
};

}  // namespace gapura::simulation
