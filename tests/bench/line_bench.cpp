// SPDX-License-Identifier: Apache-2.0
// Badge read → relay write acknowledged, against the floor: what no design can do without, one durable commit and one
// Modbus write. The floor's database is the product's own, in a folder of the same disk: the same tables and indexes, an
// entry with its leaf and its tree's nodes, two commits a round of which the first is timed, the log brought into the file
// after as many pages. Floor and line alternate in one run; neither begins before the other's commits are done.
#include <modbus.h>

#include <filesystem>

#include "bench/line_rig.h"
#include "bench/targets.h"
#include "gateway/journal/journal.h"
#include "gateway/settings/system_clock.h"

using namespace gapura;
using namespace gapura::bench;

namespace {

constexpr int rounds = 400;

class Floor {
 public:
  Floor(const std::string& folder, int port)
      : db_(must(Database::open_writer(folder + "/gapura.db"))),
        journal_(must(Journal::open(db_))),
        line_(modbus_new_tcp("127.0.0.1", port)) {
    modbus_set_slave(line_, 2);
    if (modbus_connect(line_) != 0) give_up("the floor's Modbus line did not connect");
  }
  ~Floor() { modbus_free(line_); }
  double round() {
    const auto start = SteadyClock::now();
    append(EventType::access_granted);
    if (modbus_write_bit(line_, 0, 1) != 1) give_up("the floor's Modbus write failed");
    const double took = std::chrono::duration<double, std::milli>(SteadyClock::now() - start).count();
    append(EventType::access_taken);
    if (modbus_write_bit(line_, 0, 0) != 1) give_up("the floor's Modbus write failed");
    must(db_.copy_wal(1000));
    return took;
  }

 private:
  static void must(const Status& done) {
    if (!done) give_up(done.error().message);
  }
  template <class T>
  static T must(Result<T> result) {
    return bench::must(std::move(result));
  }
  void append(EventType type) {
    Entry entry;
    entry.type = type;
    entry.number = journal_.size();
    entry.at = {UtcTime(std::chrono::floor<Millis>(std::chrono::system_clock::now())), drivers::boot_now(),
                ClockQuality::ok, std::chrono::minutes(420)};
    entry.point = "door1.in";
    entry.actor = "device";
    entry.visit = VisitId("v-0123456789abcdef");
    entry.badge = BadgeId("b-0123456789abcdef");
    if (type == EventType::access_taken) entry.ref = entry.number - 1;
    must(db_.execute("BEGIN IMMEDIATE"));
    must(journal_.append(entry, "bench"));
    must(db_.execute("COMMIT"));
    journal_.commit();
  }

  Database db_;
  Journal journal_;
  modbus_t* line_;
};

}  // namespace

int main(int count, char** words) {
  Targets targets(count, words);
  const tests::TemporaryFolder folder;
  simulated::SimulatedBus devices;
  devices.add_door(1);
  devices.add_door(2);
  std::filesystem::create_directory(folder / "floor");
  Floor floor(folder / "floor", devices.port());

  LineSite site;
  SiteConfig config;
  add_door(config, "door1");
  const auto clock = must(make_system_clock("Asia/Jakarta"));
  start_core(site, config, *clock, folder.path());
  site.buses["door1"] = must(drivers::ControllerBus::create(bus_to(devices, "door1"), site));
  site.wait_ready();
  const std::string token = give_badge(site, "Tamu Contoh");

  std::vector<double> floors, lines;
  for (int round = 0; round < rounds; ++round) {
    // Each goes first in every other round.
    if (round % 2 == 0) floors.push_back(floor.round());
    lines.push_back(site.round(token));
    site.wait_committed();
    if (round % 2 == 1) floors.push_back(floor.round());
  }
  fmt::print("badge read -> relay acknowledged, {} rounds, floor = one durable commit + one Modbus write, same run\n",
             rounds);
  fmt::print("            p50 ms    p99 ms\n");
  fmt::print("floor     {:8.3f}  {:8.3f}\n", quantile(floors, 0.5), quantile(floors, 0.99));
  fmt::print("line      {:8.3f}  {:8.3f}\n", quantile(lines, 0.5), quantile(lines, 0.99));
  targets.at_most("badge read -> relay acknowledged, p50, x floor", quantile(lines, 0.5) / quantile(floors, 0.5), 1.3);
  targets.at_most("badge read -> relay acknowledged, p99, x floor", quantile(lines, 0.99) / quantile(floors, 0.99), 2);
  site.buses.clear();
  site.core.stop();
  return targets.report();
}
