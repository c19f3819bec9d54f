// SPDX-License-Identifier: Apache-2.0
// Shared by the benches of the line from a badge to a relay: the real core between simulated controllers.
#pragma once

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "drivers/door_controller.h"
#include "gateway/core/core_thread.h"
#include "gateway/settings/system_clock.h"
#include "gateway/store/site_store.h"
#include "simulated/devices/modbus_device.h"
#include "support/temporary_folder.h"

namespace gapura::bench {

using namespace gapura::gateway;
using SteadyClock = std::chrono::steady_clock;
using Wire = simulated::LinePlan::Wire;

[[noreturn]] inline void give_up(const std::string& why) {
  fmt::print(stderr, "bench: {}\n", why);
  std::exit(1);
}

template <class T>
T must(Result<T> result) {
  if (!result) give_up(result.error().message);
  return std::move(*result);
}

inline double quantile(std::vector<double> values, double q) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(q * static_cast<double>(values.size() - 1))];
}

// Passes every report to the core, and lets the bench wait for the first door's.
class LineSite final : public drivers::DeviceSink, public OrderSink {
 public:
  CoreThread core;
  std::map<std::string, std::unique_ptr<drivers::ControllerBus>> buses;  // by controller

  void badge_read(BadgeRead read) override { core.badge_read(std::move(read)); }
  void level(LevelReport report) override {
    const bool fell = report.signal == "door1.lock" && report.level == Level::off;
    core.level(std::move(report));
    if (fell) note(ready_);  // the core gets it before the next badge
  }
  void pulse_done(PulseReport report) override {
    // Another door's response may be late, or missing.
    if (report.outcome == PulseOutcome::acknowledged && report.intent == ordered_) note(acknowledged_);
    core.pulse_done(std::move(report));
  }
  void health(DeviceHealth health) override { core.health(std::move(health)); }
  void pulse(std::uint64_t intent, const std::string& signal, Millis length, BootTime deadline) override {
    if (signal == "door1.lock") ordered_ = intent;
    buses.at(signal.substr(0, signal.find('.')))->pulse({intent, signal, length, deadline});
  }
  void keep_still(std::uint64_t, const KeepStillOut&) override {}
  void take_still(std::uint64_t, const TakeStillOut&) override {}

  // Waits until the first door's relay is off and its beam is quiet; reports from before the bus was ready are dropped.
  void wait_ready() {
    wait(ready_);
    core.level({"bench.door1", Level::off, drivers::boot_now()});
  }
  // Returns the time from a badge at the first door to its relay's response, in milliseconds. Then waits for the relay to
  // switch off and moves the person through (not sooner than 100 ms after the grant, when the core would ignore the
  // passage), so that the next round finds a quiet door.
  double round(const std::string& token) {
    const auto start = SteadyClock::now();
    badge_read({ReaderId("r-door1"), {token}, drivers::boot_now(), nullptr});
    const double took = std::chrono::duration<double, std::milli>(wait(acknowledged_) - start).count();
    wait_ready();
    core.level({"bench.door1", Level::on, drivers::boot_now()});
    core.level({"bench.door1", Level::off, drivers::boot_now()});
    return took;
  }
  // Returns when everything that the core received before is committed: a command is handled after it. This one is refused.
  void wait_committed() { (void)core.call(AskAide{VisitId("none")}, Actor{UserId("bench"), Role::guard}); }

 private:
  void note(std::optional<SteadyClock::time_point>& what) {
    const std::lock_guard lock(mutex_);
    what = SteadyClock::now();
    changed_.notify_all();
  }
  SteadyClock::time_point wait(std::optional<SteadyClock::time_point>& what) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, std::chrono::seconds(10), [&] { return what.has_value(); }))
      give_up("nothing came for 10 s");
    const auto at = *what;
    what.reset();
    return at;
  }
  std::atomic<std::uint64_t> ordered_{0};  // the first door's last order
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<SteadyClock::time_point> ready_, acknowledged_;
};

// Without contact and beam: a release ends as assumed after the limit, or by the bench ("bench.<name>").
inline void add_door(SiteConfig& site, const std::string& name) {
  PortalConfig door;
  door.id = PortalId(name);
  door.lock = name + ".lock";
  door.passage = "bench." + name;
  door.pulse = Millis(100);
  AccessPointConfig in;
  in.id = AccessPointId(name + ".in"), in.portal = door.id, in.from = AreaId("outside"), in.to = AreaId("inside"),
  in.reader = ReaderId("r-" + name);
  site.portals.push_back(door);
  site.points.push_back(in);
}

inline drivers::BusSettings bus_to(const simulated::SimulatedBus& device, const std::string& controller,
                                   Wire wire = Wire::tcp) {
  using Kind = drivers::BusSettings::Kind;
  drivers::BusSettings bus;
  bus.id = BusId(controller);
  bus.kind = wire == Wire::tcp ? Kind::tcp : wire == Wire::rtu ? Kind::rtu : Kind::rtu_over_tcp;
  bus.host = "127.0.0.1";
  bus.port = device.port();
  bus.device = device.path();
  bus.baud = 115200;
  bus.controllers = {{ControllerId(controller), 1,
                      must(drivers::load_controller_profile(GAPURA_SOURCE_DIR "/config/controllers/door.toml"))}};
  return bus;
}

// Starts the core on a database of its own.
inline void start_core(LineSite& site, const SiteConfig& config, Clock& clock, const std::string& folder) {
  auto db = must(Database::open_writer(folder + "/gapura.db"));
  auto store = must(open_site_store({.database = std::move(db), .boot_id = "bench"}));
  auto core = Core::open(
      {.site = config, .clock = clock, .randomness = system_randomness(), .store = std::move(store), .orders = site},
      "bench");
  site.core.start(must(std::move(core)));
}

// Issues a guest's badge; returns its text.
inline std::string give_badge(LineSite& site, const std::string& name) {
  const Actor guard{UserId("bench"), Role::guard};
  const VisitId visit(must(site.core.call(RegisterVisit{name, "", "", "uji", "uji", "general", ""}, guard)).id);
  return must(site.core.call(IssueBadge{visit, "", 0}, guard)).token;
}

}  // namespace gapura::bench
