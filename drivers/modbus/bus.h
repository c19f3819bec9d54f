// SPDX-License-Identifier: Apache-2.0
// The worker behind ControllerBus: one thread, one connection, the controllers of one endpoint.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "drivers/door_controller.h"
#include "drivers/modbus/connection.h"
#include "drivers/modbus/poll_plan.h"
#include "drivers/modbus/recent.h"

namespace gapura::drivers::modbus {

// Intervals are measured on the steady clock; instants that leave this file are boot_now().
using Steady = std::chrono::steady_clock;

class Bus final : public ControllerBus {
 public:
  Bus(BusSettings settings, DeviceSink& sink);
  ~Bus() override;

  const BusSettings& settings() const override { return settings_; }
  void pulse(PulseOrder order) override;
  BusStats stats() const override;

 private:
  struct Signal {
    std::string name;  // "controller.signal"
    Level level = Level::unknown;
  };
  // An output that this gateway must switch off itself, because its board cannot time a pulse.
  struct Release {
    bool pending = false;
    Steady::time_point due;
  };
  struct Unit {
    const ControllerSettings* settings = nullptr;
    std::vector<PollRange> ranges;
    std::vector<Signal> signals;  // inputs first, then outputs
    std::vector<Release> releases;
    bool online = false, reported = false;
    std::string detail;       // of the last health report
    int failures = 0;         // in a row
    std::uint64_t epoch = 0;  // counts orders and losses: what was read before is no longer the newest word
    Steady::time_point next_poll;
    Steady::time_point next_probe;  // not before this does a waiting order make us ask an offline controller

    std::size_t output_signal(std::size_t output) const { return settings->profile.inputs.size() + output; }
  };
  struct Pending {
    PulseOrder order;
    std::size_t unit = 0, output = 0;
    Steady::time_point taken, try_at;
  };

  // Bus thread only, from here …
  void run();
  void loop();
  void wait_for_work();
  void finish();
  bool serve_orders();
  void serve_releases();
  void release(Unit& unit, std::size_t output);
  void execute(Pending pending);
  bool reach(Unit& unit);
  void try_again(Pending pending, Steady::time_point when);
  void settle_unclear(Pending& pending, const Answer& answer);
  void done(const Pending& pending, PulseOutcome outcome, Level readback, std::string detail);
  bool poll(Unit& unit, bool orders_first);
  std::string wrong_identity(Unit& unit, Answer& answer);
  bool connect();
  Answer ask(Unit& unit, std::span<const std::uint8_t> pdu);
  Level read_back(Unit& unit, std::size_t output, Answer& answer);
  void set_level(Unit& unit, std::size_t signal, Level level);
  void online(Unit& unit);
  void lost(Unit& unit, const std::string& why);
  void failed(Unit& unit, const std::string& why);
  void all_lost(const std::string& why);
  Steady::time_point next_work() const;
  // … to here.
  static std::vector<Unit> make_units(const BusSettings& settings);
  std::optional<std::pair<std::size_t, std::size_t>> find_output(const std::string& signal) const;

  // Constant after construction.
  const BusSettings settings_;
  DeviceSink& sink_;
  const std::map<std::string, std::pair<std::size_t, std::size_t>> outputs_;

  // Bus thread only.
  Connection connection_;
  std::vector<Unit> units_;
  Steady::time_point next_connect_;
  int connect_failures_ = 0;
  bool ever_connected_ = false;

  // Guarded by mutex_.
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Pending> orders_;
  std::size_t in_hand_ = 0;  // taken out of orders_, not reported yet
  bool stopping_ = false;
  BusStats stats_;
  Recent poll_ms_, order_ms_;

  std::thread worker_;  // last: it uses everything above
};

}  // namespace gapura::drivers::modbus
