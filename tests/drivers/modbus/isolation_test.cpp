// SPDX-License-Identifier: Apache-2.0
// What one bad controller costs the others. The figures are for a machine without other work: "[.bench]".
#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>

#include "drivers/modbus/connection.h"
#include "drivers/modbus/poll_plan.h"
#include "support.h"

using namespace gapura;
using gapura::test::boot_now;
using gapura::test::Site;
using Kind = gapura::simulated::Misbehaviour::Kind;
using Wire = gapura::simulated::LinePlan::Wire;

namespace {

double since_ms(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

template <class Action>
double median_of(int count, Action action) {
  std::vector<double> times;
  for (int i = 0; i < count; ++i) times.push_back(action());
  std::ranges::nth_element(times, times.begin() + count / 2);
  return times[static_cast<std::size_t>(count / 2)];
}

double median_order_ms(Site& site, int count) {
  return median_of(count, [&] {
    const auto start = std::chrono::steady_clock::now();
    return site.pulse("door.lock", Millis(100)).outcome == PulseOutcome::acknowledged ? since_ms(start) : 1e9;
  });
}

}  // namespace

TEST_CASE("a frozen, slow or lying line of any kind holds up no order of another line") {
  struct Row {
    Wire good, bad;
    Kind kind;
  };
  const auto [good, bad, kind] =
      GENERATE(Row{Wire::tcp, Wire::tcp, Kind::silent}, Row{Wire::tcp, Wire::rtu, Kind::late},
               Row{Wire::tcp, Wire::rtu_over_tcp, Kind::wrong_function}, Row{Wire::rtu, Wire::rtu, Kind::silent},
               Row{Wire::rtu, Wire::tcp, Kind::late}, Row{Wire::rtu, Wire::rtu_over_tcp, Kind::bad_crc});
  test::LineSite healthy(good), sick(bad);
  REQUIRE(healthy.start());
  REQUIRE(sick.start());
  for (int unit = 1; unit <= 3; ++unit) sick.device.misbehave(unit, {kind, 1000});
  REQUIRE(sick.sink.wait_online("door", false));
  sick.bus->pulse({1000, "door.lock", Millis(500), boot_now() + Millis(60'000)});
  for (int i = 0; i < 20; ++i) CHECK(healthy.pulse("door.lock", Millis(100)).outcome == PulseOutcome::acknowledged);
  // All of them while the sick line's order waits; what it costs them is measured by isolation_bench.
  CHECK(sick.sink.pulses().empty());
  CHECK(healthy.sink.health_of("door").size() == 1);
}

TEST_CASE("on a shared bus a silent controller leaves most of the time to its neighbours", "[.bench]") {
  Site site;
  REQUIRE(site.start());
  site.device.misbehave(3, {Kind::silent});
  REQUIRE(site.sink.wait_online("wtmd", false));
  const double median = median_order_ms(site, 100);
  INFO("median " << median << " ms");
  CHECK(median < 10);
  CHECK(site.bus->stats().order_ms_p50 < 10);
}

TEST_CASE("an order costs little more than one write and one read on the same machine", "[.bench]") {
  Site site;
  REQUIRE(site.start());
  const double median = median_order_ms(site, 500);
  const auto stats = site.bus->stats();
  site.bus.reset();

  drivers::modbus::Connection bare("127.0.0.1", site.device.port(), Millis(300));
  REQUIRE(bare.open().has_value());
  const auto floor = median_of(500, [&] {
    const auto start = std::chrono::steady_clock::now();
    const bool good =
        bare.ask(2, drivers::modbus::request(5, 0x0200, 1)).ok() && bare.ask(2, drivers::modbus::request(1, 0, 1)).ok();
    return good ? since_ms(start) : 1e9;
  });
  WARN("floor " << floor << " ms, order to acknowledgement " << median << " ms; the driver's own p50 " << stats.order_ms_p50
                << " p99 " << stats.order_ms_p99 << ", poll p50 " << stats.poll_ms_p50 << " p99 " << stats.poll_ms_p99
                << " ms");
  CHECK(median < floor * 3 + 1);
  CHECK(stats.orders == 500);
}
