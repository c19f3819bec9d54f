// SPDX-License-Identifier: Apache-2.0
// One frozen, slow or lying controller and another portal's line: badge read → relay acknowledged through the real core,
// with two buses, with and without the bad one, in turns within one run. Prints p50 and p99 in milliseconds and their
// ratios (target: no measurable effect; docs/performance.md).
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <vector>

#include "drivers/door_controller.h"
#include "gateway/core/core_thread.h"
#include "simulated/modbus_device.h"
#include "support/temporary_folder.h"

using namespace gapura;
using namespace gapura::gateway;
using Clock_ = std::chrono::steady_clock;
using Wire = simulated::LinePlan::Wire;

namespace {

constexpr int turns = 4, rounds = 60;  // of each kind, without and with

[[noreturn]] void give_up(const std::string& why) {
  fmt::print(stderr, "isolation_bench: {}\n", why);
  std::exit(1);
}

template <class T>
T must(Result<T> result) {
  if (!result) give_up(result.error().message);
  return std::move(*result);
}

// The core between two buses, and what the bench waits for of the healthy one.
class Site : public drivers::DeviceSink, public OrderSink {
 public:
  CoreThread core;
  std::unique_ptr<drivers::ControllerBus> healthy, sick;

  void badge_read(BadgeRead read) override { core.badge_read(std::move(read)); }
  void level(LevelReport report) override {
    if (report.signal == "door1.lock" && report.level == Level::off) note(ready_);
    core.level(std::move(report));
  }
  void pulse_done(PulseReport report) override {
    if (report.outcome == PulseOutcome::acknowledged) note(acknowledged_);
    core.pulse_done(std::move(report));
  }
  void health(DeviceHealth health) override { core.health(std::move(health)); }
  void pulse(std::uint64_t intent, const std::string& signal, Millis length, BootTime deadline) override {
    (signal.starts_with("door1.") ? healthy : sick)->pulse({intent, signal, length, deadline});
  }
  void keep_still(std::uint64_t, const KeepStillOut&) override {}
  void take_still(std::uint64_t, const TakeStillOut&) override {}
  void wait_ready() { wait(ready_); }
  Clock_::time_point wait_acknowledged() { return wait(acknowledged_); }

 private:
  void note(std::optional<Clock_::time_point>& what) {
    const std::lock_guard lock(mutex_);
    what = Clock_::now();
    changed_.notify_all();
  }
  Clock_::time_point wait(std::optional<Clock_::time_point>& what) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, std::chrono::seconds(10), [&] { return what.has_value(); }))
      give_up("nothing came for 10 s");
    const auto at = *what;
    what.reset();
    return at;
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<Clock_::time_point> ready_, acknowledged_;
};

void add_door(SiteConfig& site, const std::string& name, const std::string& lock) {
  PortalConfig door;
  door.id = PortalId(name);
  door.lock = lock;
  door.passage = "bench." + name;
  door.pulse = Millis(100);
  AccessPointConfig in;
  in.id = AccessPointId(name + ".in"), in.portal = door.id, in.from = AreaId("outside"), in.to = AreaId("inside"),
  in.reader = ReaderId("r-" + name);
  site.portals.push_back(door);
  site.points.push_back(in);
}

drivers::BusSettings bus_to(const simulated::SimulatedBus& device, Wire wire, const std::string& controller) {
  drivers::BusSettings bus;
  bus.id = BusId(controller);
  bus.kind = wire == Wire::tcp   ? drivers::BusSettings::Kind::tcp
             : wire == Wire::rtu ? drivers::BusSettings::Kind::rtu
                                 : drivers::BusSettings::Kind::rtu_over_tcp;
  bus.host = "127.0.0.1";
  bus.port = device.port();
  bus.device = device.path();
  bus.baud = 115200;
  bus.controllers = {{ControllerId(controller), 1,
                      must(drivers::load_controller_profile(GAPURA_SOURCE_DIR "/config/controllers/door.toml"))}};
  return bus;
}

double quantile(std::vector<double> values, double q) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(q * static_cast<double>(values.size() - 1))];
}

struct Bench {
  const tests::TemporaryFolder folder;
  Site site;
  std::string token, other;  // a guest at the healthy door, and one at the sick one's
  std::unique_ptr<Clock> clock;

  // A badge at the healthy door; and sometimes one at the sick one's, whose order then waits there.
  double round(bool also_sick) {
    if (also_sick) site.badge_read({ReaderId("r-door2"), {other}, drivers::boot_now(), nullptr});
    const auto start = Clock_::now();
    site.badge_read({ReaderId("r-door1"), {token}, drivers::boot_now(), nullptr});
    const double took = std::chrono::duration<double, std::milli>(site.wait_acknowledged() - start).count();
    site.core.level({"bench.door1", Level::on, drivers::boot_now()});
    site.core.level({"bench.door1", Level::off, drivers::boot_now()});
    site.wait_ready();
    return took;
  }

  void run(const char* name, Wire good, Wire bad, simulated::Misbehaviour fault) {
    simulated::SimulatedBus well(simulated::LinePlan{good, 0, good == Wire::rtu ? folder.path() + "/good" : "", 0});
    simulated::SimulatedBus sick(simulated::LinePlan{bad, 0, bad == Wire::rtu ? folder.path() + "/bad" : "", 0});
    well.add_door(1);
    sick.add_door(1);
    site.healthy = must(drivers::ControllerBus::create(bus_to(well, good, "door1"), site));
    site.sick = must(drivers::ControllerBus::create(bus_to(sick, bad, "door2"), site));
    site.wait_ready();
    std::vector<double> without, with;
    for (int turn = 0; turn < turns; ++turn) {
      for (int i = 0; i < rounds; ++i) without.push_back(round(false));
      sick.misbehave(1, fault);
      for (int i = 0; i < rounds; ++i) with.push_back(round(i % 20 == 0));
      sick.misbehave(1, {});
    }
    site.healthy.reset();
    site.sick.reset();
    fmt::print("{:<34}{:9.3f}{:9.3f}{:9.3f}{:9.3f}{:9.2f}{:9.2f}\n", name, quantile(without, 0.5), quantile(without, 0.99),
               quantile(with, 0.5), quantile(with, 0.99), quantile(with, 0.5) / quantile(without, 0.5),
               quantile(with, 0.99) / quantile(without, 0.99));
  }
};

}  // namespace

int main() {
  Bench bench;
  SiteConfig config;
  add_door(config, "door1", "door1.lock");
  add_door(config, "door2", "door2.lock");
  bench.clock = must(make_system_clock("Asia/Jakarta"));
  bench.site.core.start(must(Core::open({config,
                                         *bench.clock,
                                         system_randomness(),
                                         must(Database::open_writer(bench.folder.path() + "/gapura.db")),
                                         "bench",
                                         bench.site,
                                         {},
                                         "",
                                         {}},
                                        "bench")));
  for (const char* signal : {"bench.door1", "bench.door2"})
    bench.site.core.level({signal, Level::off, drivers::boot_now()});
  const Actor guard{UserId("bench"), "guard"};
  for (const auto& [name, token] : {std::pair{"Tamu Contoh 01", &bench.token}, std::pair{"Tamu Contoh 02", &bench.other}}) {
    const VisitId visit(must(bench.site.core.call(RegisterVisit{name, "", "", "uji", "uji", "general", ""}, guard)).id);
    *token = must(bench.site.core.call(IssueBadge{visit, "", Millis(0)}, guard)).token;
  }

  using Kind = simulated::Misbehaviour::Kind;
  fmt::print("badge read -> relay acknowledged at one door, without and with another door's bad controller, same run\n");
  fmt::print("{:<34}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}\n", "healthy line, bad line: fault", "p50", "p99", "with p50",
             "with p99", "ratio", "ratio");
  bench.run("tcp, tcp: frozen", Wire::tcp, Wire::tcp, {Kind::silent});
  bench.run("tcp, rtu: slow (late 250)", Wire::tcp, Wire::rtu, {Kind::late, 250});
  bench.run("tcp, rtu-tcp: lying (function)", Wire::tcp, Wire::rtu_over_tcp, {Kind::wrong_function});
  bench.run("rtu, tcp: lying (twice)", Wire::rtu, Wire::tcp, {Kind::duplicate});
  bench.run("rtu, rtu: frozen", Wire::rtu, Wire::rtu, {Kind::silent});
  bench.run("rtu, rtu: lying (check sum)", Wire::rtu, Wire::rtu, {Kind::bad_crc});
  bench.site.core.stop();
}
