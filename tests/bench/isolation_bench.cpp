// SPDX-License-Identifier: Apache-2.0
// One frozen, slow or lying controller and another portal's line: badge read → relay acknowledged through the real core,
// with two buses, with and without the bad one, in turns within one run. Prints p50 and p99 in milliseconds and their
// ratios (target: no measurable effect; docs/performance.md). "Without" is measured in two halves: what they differ by is
// what this machine cannot tell apart, and p99 may not differ by half as much again.
#include "bench/line_rig.h"
#include "bench/targets.h"

using namespace gapura;
using namespace gapura::bench;

namespace {

constexpr int turns = 4, rounds = 40;  // of each kind, without and with

struct Bench {
  Targets& targets;
  const tests::TemporaryFolder folder = {};
  LineSite site = {};
  std::string token = {}, other = {};  // a guest at the healthy door, and one at the sick one's

  // A badge at the healthy door; and sometimes one at the other one's just before, whose order waits there when that is
  // sick. Without as with: the core's commit for it is not the bad controller's doing.
  double round(bool also_other) {
    if (also_other) site.badge_read({ReaderId("r-door2"), {other}, drivers::boot_now(), nullptr});
    return site.round(token);
  }

  void run(const char* name, Wire good, Wire bad, simulated::Misbehaviour fault) {
    simulated::SimulatedBus well(simulated::LinePlan{good, 0, good == Wire::rtu ? folder.path() + "/good" : "", 0});
    simulated::SimulatedBus sick(simulated::LinePlan{bad, 0, bad == Wire::rtu ? folder.path() + "/bad" : "", 0});
    well.add_door(1);
    sick.add_door(1);
    site.buses["door1"] = must(drivers::ControllerBus::create(bus_to(well, "door1", good), site));
    site.buses["door2"] = must(drivers::ControllerBus::create(bus_to(sick, "door2", bad), site));
    site.wait_ready();
    std::vector<double> without[2], with;
    for (int turn = 0; turn < turns; ++turn) {
      for (int i = 0; i < rounds; ++i) without[turn % 2].push_back(round(i % 20 == 0));
      sick.misbehave(1, fault);
      for (int i = 0; i < rounds; ++i) with.push_back(round(i % 20 == 0));
      sick.misbehave(1, {});
    }
    site.buses.clear();
    std::vector<double> both = without[0];
    both.insert(both.end(), without[1].begin(), without[1].end());
    fmt::print("{:<34}{:9.3f}{:9.3f}{:9.3f}{:9.3f}{:9.2f}{:9.2f}{:9.2f}\n", name, quantile(both, 0.5), quantile(both, 0.99),
               quantile(with, 0.5), quantile(with, 0.99), quantile(with, 0.5) / quantile(both, 0.5),
               quantile(with, 0.99) / quantile(both, 0.99), quantile(without[0], 0.99) / quantile(without[1], 0.99));
    const double halves = quantile(without[0], 0.99) / quantile(without[1], 0.99);
    targets.at_most(std::string(name) + ", p50 x", quantile(with, 0.5) / quantile(both, 0.5), 1.15);
    targets.at_most(std::string(name) + ", p99 x", quantile(with, 0.99) / quantile(both, 0.99),
                    1.5 * std::max(halves, 1 / halves));
  }
};

}  // namespace

int main(int count, char** words) {
  Targets targets(count, words);
  Bench bench{targets};
  SiteConfig config;
  add_door(config, "door1");
  add_door(config, "door2");
  const auto clock = must(make_system_clock("Asia/Jakarta"));
  start_core(bench.site, config, *clock, bench.folder.path());
  bench.token = give_badge(bench.site, "Tamu Contoh 01");
  bench.other = give_badge(bench.site, "Tamu Contoh 02");

  using Kind = simulated::Misbehaviour::Kind;
  fmt::print("badge read -> relay acknowledged at one door, without and with another door's bad controller, same run\n");
  fmt::print("{:<34}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}\n", "healthy line, bad line: fault", "p50", "p99", "with p50",
             "with p99", "p50 x", "p99 x", "halves x");
  bench.run("tcp, tcp: frozen", Wire::tcp, Wire::tcp, {Kind::silent});
  bench.run("tcp, rtu: slow (late 250)", Wire::tcp, Wire::rtu, {Kind::late, 250});
  bench.run("tcp, rtu-tcp: lying (function)", Wire::tcp, Wire::rtu_over_tcp, {Kind::wrong_function});
  bench.run("rtu, tcp: lying (twice)", Wire::rtu, Wire::tcp, {Kind::duplicate});
  bench.run("rtu, rtu: frozen", Wire::rtu, Wire::rtu, {Kind::silent});
  bench.run("rtu, rtu: lying (check sum)", Wire::rtu, Wire::rtu, {Kind::bad_crc});
  bench.site.core.stop();
  return targets.report();
}
