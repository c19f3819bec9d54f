// SPDX-License-Identifier: Apache-2.0
// The worker behind ControllerBus: one thread, one connection, the controllers of one endpoint or serial line. Its members
// are in bus.cpp (polls, health, connection), orders.cpp, switch_offs.cpp and commissioning.cpp.
#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <thread>
#include <vector>

#include "drivers/door_controller.h"
#include "drivers/modbus/connection.h"
#include "drivers/modbus/poll_plan.h"
#include "drivers/modbus/recent.h"
#include "drivers/mutex.h"

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
    // For an input with a counter: edges counted by the board and edges reported, from a common start.
    std::optional<int> counted = {}, reported = {};
  };
  // An output that this gateway must switch off itself: its board cannot time a pulse, or the output is on and should not
  // be.
  struct SwitchOff {
    bool pending = false;
    bool unordered = false;  // on without an order, or longer than ordered
    Steady::time_point due;
    Steady::time_point ordered_until{};  // by orders of this run, and at its start by those of the previous one
  };
  struct Unit {
    const ControllerSettings* settings = nullptr;
    std::vector<PollRange> ranges;
    std::vector<Signal> signals;  // inputs first, then outputs
    std::vector<SwitchOff> switch_offs;
    bool online = false, reported = false;
    std::string detail;       // of the last health report
    int failures = 0;         // in a row
    std::uint64_t epoch = 0;  // counts orders and losses: values read in an earlier epoch are outdated
    Steady::time_point next_poll;
    Steady::time_point next_probe;  // earliest time at which a waiting order makes us ask an offline controller
    std::optional<int> identity;    // as read when it was last online
    std::uint16_t beat = 0;         // the watchdog's last value
    Steady::time_point next_beat;
    bool seen_online = false;  // in this run

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
  void serve_switch_offs();
  void switch_off(Unit& unit, std::size_t output);
  void execute(Pending pending);
  bool reach(Unit& unit);
  void try_again(Pending pending, Steady::time_point when);
  void settle_unclear(Pending& pending, const Answer& answer);
  void done(const Pending& pending, PulseOutcome outcome, Level readback, std::string detail);
  bool poll(Unit& unit, bool orders_first);
  bool read_all(Unit& unit, bool orders_first, std::vector<Level>& levels, std::vector<std::optional<int>>& counts,
                std::uint64_t& epoch);
  Status commission(Unit& unit, Answer& answer);
  Status check_identity(Unit& unit, Answer& answer);
  Status check_values(Unit& unit, const ControllerProfile::Check& check, Answer& answer);
  Status start_watchdog(Unit& unit, Answer& answer);
  std::optional<int> read_value(Unit& unit, const ControllerProfile::Point& point, Answer& answer);
  bool write_register(Unit& unit, int address, int value, Answer& answer);
  bool runs(Unit& unit, Answer& answer);
  void serve_heartbeats();
  void check_outputs(Unit& unit, const std::vector<Level>& levels);
  void report_missed_pulses(Unit& unit, std::size_t input, Level now, std::optional<int> counted);
  bool connect();
  Answer ask(Unit& unit, std::span<const std::uint8_t> pdu);
  Level read_back(Unit& unit, std::size_t output, Answer& answer);
  void set_level(Unit& unit, std::size_t signal, Level level, bool unordered = false);
  void online(Unit& unit);
  void on_first_response(Unit& unit);
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

  mutable Mutex mutex_;
  Condition wake_;
  std::deque<Pending> orders_ GUARDED_BY(mutex_);
  std::size_t in_hand_ GUARDED_BY(mutex_) = 0;  // taken from orders_, not yet reported
  bool stopping_ GUARDED_BY(mutex_) = false;
  BusStats stats_ GUARDED_BY(mutex_);
  Recent poll_ms_ GUARDED_BY(mutex_), order_ms_ GUARDED_BY(mutex_);

  std::thread worker_;  // last: it uses everything above
};

}  // namespace gapura::drivers::modbus
