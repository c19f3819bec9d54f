// SPDX-License-Identifier: Apache-2.0
// Badge read → relay write acknowledged, against the floor of one durable commit plus one Modbus write, alternating in one
// run on one machine and one disk. Prints p50 and p99 in milliseconds and the ratios (targets: 1.3 and 2,
// docs/performance.md).
#include <fmt/core.h>
#include <modbus.h>

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

namespace {

constexpr int rounds = 400;

[[noreturn]] void give_up(const std::string& why) {
  fmt::print(stderr, "line_bench: {}\n", why);
  std::exit(1);
}

template <class T>
T must(Result<T> result) {
  if (!result) give_up(result.error().message);
  return std::move(*result);
}

// Passes everything on to the core and lets the bench wait for what it has seen.
class Witness : public drivers::DeviceSink, public OrderSink {
 public:
  CoreThread core;
  std::unique_ptr<drivers::ControllerBus> bus;

  void badge_read(BadgeRead read) override { core.badge_read(std::move(read)); }
  void level(LevelReport report) override {
    if (report.signal == "door1.lock" && report.level == Level::off) note(ready_);
    core.level(std::move(report));
  }
  void pulse_done(PulseReport report) override {
    if (report.outcome != PulseOutcome::acknowledged) give_up("a pulse was not acknowledged: " + report.detail);
    note(acknowledged_);
    core.pulse_done(std::move(report));
  }
  void health(DeviceHealth health) override { core.health(std::move(health)); }
  void pulse(std::uint64_t intent, const std::string& signal, Millis length, BootTime deadline) override {
    bus->pulse({intent, signal, length, deadline});
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

SiteConfig one_door() {
  SiteConfig site;
  PortalConfig door;
  door.id = PortalId("door");
  door.lock = "door1.lock";  // no contact, no beam: a release ends as assumed after the limit, or by the bench's hand
  door.passage = "bench.passage";
  door.pulse = Millis(100);
  AccessPointConfig in;
  in.id = AccessPointId("door.in"), in.portal = door.id, in.from = AreaId("outside"), in.to = AreaId("inside"),
  in.reader = ReaderId("r");
  site.portals = {door};
  site.points = {in};
  return site;
}

class Floor {
 public:
  Floor(const std::string& folder, int port)
      : db_(must(Database::open_writer(folder + "/floor.db"))), line_(modbus_new_tcp("127.0.0.1", port)) {
    if (auto made = db_.execute("CREATE TABLE floor (number INTEGER PRIMARY KEY, leaf BLOB)"); !made)
      give_up(made.error().message);
    insert_ = std::make_unique<Statement>(must(db_.prepare("INSERT INTO floor (leaf) VALUES (?)")));
    modbus_set_slave(line_, 2);
    if (modbus_connect(line_) != 0) give_up("the floor's Modbus line did not connect");
  }
  ~Floor() { modbus_free(line_); }
  double round() {
    const auto start = Clock_::now();
    if (auto done = insert_->bind_blob(1, std::string(300, 'x')).run(); !done) give_up(done.error().message);
    if (modbus_write_bit(line_, 0, 0) != 1) give_up("the floor's Modbus write failed");
    return std::chrono::duration<double, std::milli>(Clock_::now() - start).count();
  }

 private:
  Database db_;
  std::unique_ptr<Statement> insert_;
  modbus_t* line_;
};

double quantile(std::vector<double> values, double q) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(q * static_cast<double>(values.size() - 1))];
}

}  // namespace

int main() {
  const tests::TemporaryFolder folder;
  simulated::SimulatedBus devices;
  devices.add_door(1);
  devices.add_door(2);
  Floor floor(folder.path(), devices.port());

  Witness site;
  const auto clock = must(make_system_clock("Asia/Jakarta"));
  auto core = must(Core::open({one_door(),
                               *clock,
                               system_randomness(),
                               must(Database::open_writer(folder.path() + "/gapura.db")),
                               "bench",
                               site,
                               {},
                               "",
                               {}},
                              "bench"));
  site.core.start(std::move(core));
  drivers::BusSettings bus;
  bus.id = BusId("b");
  bus.host = "127.0.0.1";
  bus.port = devices.port();
  bus.controllers = {{ControllerId("door1"), 1,
                      must(drivers::load_controller_profile(GAPURA_SOURCE_DIR "/config/controllers/door.toml"))}};
  site.bus = must(drivers::ControllerBus::create(bus, site));
  site.wait_ready();
  site.core.level({"bench.passage", Level::off, drivers::boot_now()});

  const Actor guard{UserId("bench"), "guard"};
  const VisitId visit(must(site.core.call(RegisterVisit{"Tamu Contoh", "", "", "uji", "uji", "general", ""}, guard)).id);
  const std::string token = must(site.core.call(IssueBadge{visit, "", Millis(0)}, guard)).token;

  std::vector<double> floors, lines;
  for (int round = 0; round < rounds; ++round) {
    floors.push_back(floor.round());
    const auto start = Clock_::now();
    site.badge_read({ReaderId("r"), {token}, drivers::boot_now(), nullptr});
    lines.push_back(std::chrono::duration<double, std::milli>(site.wait_acknowledged() - start).count());
    // The person walks through and the relay falls, so that the next round meets a quiet door.
    site.core.level({"bench.passage", Level::on, drivers::boot_now()});
    site.core.level({"bench.passage", Level::off, drivers::boot_now()});
    site.wait_ready();
  }
  fmt::print("badge read -> relay acknowledged, {} rounds, floor = one durable commit + one Modbus write, same run\n",
             rounds);
  fmt::print("            p50 ms    p99 ms\n");
  fmt::print("floor     {:8.3f}  {:8.3f}\n", quantile(floors, 0.5), quantile(floors, 0.99));
  fmt::print("line      {:8.3f}  {:8.3f}\n", quantile(lines, 0.5), quantile(lines, 0.99));
  fmt::print("ratio     {:8.2f}  {:8.2f}   (targets 1.30 and 2.00)\n", quantile(lines, 0.5) / quantile(floors, 0.5),
             quantile(lines, 0.99) / quantile(floors, 0.99));
  site.bus.reset();
  site.core.stop();
}
