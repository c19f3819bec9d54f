// SPDX-License-Identifier: Apache-2.0
// The main loop of the bus thread: polls, health, and the connection.
#include "drivers/modbus/bus.h"

#include <fmt/format.h>

#include <set>

namespace gapura::drivers {
namespace modbus {
namespace {

constexpr Millis connect_pause_first{200}, connect_pause_most{2000};

// A controller that does not respond costs all others on its bus one response timeout per attempt, so attempts become rare.
Millis pause_after(int failures, Millis poll_interval) {
  if (failures <= 1) return poll_interval;
  return std::min(Millis(5000), Millis(1000) * (1 << std::min(failures - 2, 3)));
}

double since_ms(Steady::time_point start) {
  return std::chrono::duration<double, std::milli>(Steady::now() - start).count();
}

std::map<std::string, std::pair<std::size_t, std::size_t>> name_outputs(const BusSettings& settings) {
  std::map<std::string, std::pair<std::size_t, std::size_t>> names;
  for (std::size_t unit = 0; unit < settings.controllers.size(); ++unit) {
    const auto& controller = settings.controllers[unit];
    for (std::size_t output = 0; output < controller.profile.outputs.size(); ++output)
      names[controller.id.str() + "." + controller.profile.outputs[output].name] = {unit, output};
  }
  return names;
}

}  // namespace

std::vector<Bus::Unit> Bus::make_units(const BusSettings& settings) {
  std::vector<Unit> units;
  for (const auto& controller : settings.controllers) {
    Unit unit;
    unit.settings = &controller;
    unit.ranges = plan_polls(controller.profile);
    for (const auto& input : controller.profile.inputs) unit.signals.push_back({controller.id.str() + "." + input.name});
    for (const auto& output : controller.profile.outputs) {
      unit.signals.push_back({controller.id.str() + "." + output.name});
      // All are switched off at start: a gateway that died during a pulse that it timed itself must not leave a door open.
      SwitchOff off;
      off.pending = !output.pulse_address.has_value();
      off.due = Steady::now();
      unit.switch_offs.push_back(off);
    }
    units.push_back(std::move(unit));
  }
  return units;
}

Bus::Bus(BusSettings settings, DeviceSink& sink)
    : settings_(std::move(settings)),
      sink_(sink),
      outputs_(name_outputs(settings_)),
      connection_(settings_),
      units_(make_units(settings_)),
      worker_([this] { run(); }) {}

Bus::~Bus() {
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  worker_.join();
}

BusStats Bus::stats() const {
  const MutexLock lock(mutex_);
  BusStats stats = stats_;
  stats.poll_ms_p50 = poll_ms_.percentile(0.5);
  stats.poll_ms_p99 = poll_ms_.percentile(0.99);
  stats.order_ms_p50 = order_ms_.percentile(0.5);
  stats.order_ms_p99 = order_ms_.percentile(0.99);
  return stats;
}

void Bus::run() {
  for (bool again = true; again;) {
    try {
      loop();
      finish();
      again = false;
    } catch (const std::exception& error) {
      connection_.close();
      all_lost(fmt::format("the driver stopped and starts anew: {}", error.what()));
      next_connect_ = Steady::now() + connect_pause_most;
    }
  }
}

void Bus::loop() {
  const auto stopping = [this] {
    const MutexLock lock(mutex_);
    return stopping_;
  };
  while (!stopping()) {
    if (serve_orders()) continue;
    serve_switch_offs();
    serve_heartbeats();
    const auto now = Steady::now();
    const auto first = std::ranges::min_element(units_, {}, &Unit::next_poll);
    const bool may_connect = connection_.is_open() || next_connect_ <= now;
    if (first->next_poll <= now && may_connect)
      poll(*first, true);
    else
      wait_for_work();
  }
}

// Returns when the worker has something to do besides orders.
Steady::time_point Bus::next_work() const {
  auto next = std::ranges::min_element(units_, {}, &Unit::next_poll)->next_poll;
  if (!connection_.is_open()) next = std::max(next, next_connect_);
  for (const Unit& unit : units_) {
    for (const SwitchOff& off : unit.switch_offs)
      if (off.pending) next = std::min(next, off.due);
    const auto& watchdog = unit.settings->profile.watchdog;
    if (watchdog && watchdog->trigger_register && unit.online) next = std::min(next, unit.next_beat);
  }
  return next;
}

void Bus::wait_for_work() {
  const auto next = next_work();
  MutexLock lock(mutex_);
  auto until = next;
  for (const Pending& pending : orders_) until = std::min(until, pending.try_at);
  if (!stopping_ && until > Steady::now()) wake_.wait_until(lock, until);
}

// Returns whether the bus is connected. A failure makes all controllers fail.
bool Bus::connect() {
  if (connection_.is_open()) return true;
  const Status opened = connection_.open();
  const bool up = opened.has_value();
  const std::string why = up ? "" : opened.error().message;
  {
    const MutexLock lock(mutex_);
    stats_.online = up;
    stats_.detail = why;
    if (up && ever_connected_ && !settings_.one_answer) ++stats_.reconnects;
    if (!up) ++stats_.errors;
  }
  if (up) {
    ever_connected_ = true;
    connect_failures_ = 0;
    return true;
  }
  next_connect_ =
      Steady::now() + std::min(connect_pause_most, connect_pause_first * (1 << std::min(connect_failures_++, 4)));
  all_lost(why);
  return false;
}

// Sends a request to a controller. A connection that turns out to be stale before anything was sent is reopened once; but
// not for a controller that was online, because what responds there now first has to prove that it is the same one.
Answer Bus::ask(Unit& unit, std::span<const std::uint8_t> pdu) {
  Answer answer;
  const bool was_online = unit.online;
  for (int attempt = 0; attempt < 2; ++attempt) {
    if (!connect()) {
      answer = {};
      answer.kind = Answer::Kind::not_sent;
      answer.detail = unit.detail;
      return answer;
    }
    answer = connection_.ask(unit.settings->unit, pdu);
    if (answer.ok()) return answer;
    {
      const MutexLock lock(mutex_);
      ++stats_.errors;
    }
    // The device closed the connection between two requests: it restarted, and all earlier values are invalid.
    if (answer.peer_closed) all_lost(answer.detail);
    if (answer.was_sent() || answer.mute || (answer.peer_closed && was_online)) break;
  }
  return answer;
}

// Reads all signals of one controller; returns whether it is online afterwards.
bool Bus::poll(Unit& unit, bool orders_first) {
  const auto start = Steady::now();
  if (!connect()) return false;
  Answer answer;
  if (!unit.online)
    if (const auto done = commission(unit, answer); !done) return failed(unit, done.error().message), false;
  std::uint64_t epoch = 0;
  std::vector<Level> levels(unit.signals.size(), Level::unknown);
  std::vector<std::optional<int>> counts(unit.settings->profile.inputs.size());
  if (!read_all(unit, orders_first, levels, counts, epoch)) return false;
  // An order or a loss in between outdates the first reads: read again at once.
  if (unit.epoch != epoch) return unit.next_poll = Steady::now(), unit.online;
  unit.next_poll = std::max(start + settings_.poll_interval, Steady::now());
  if (!unit.seen_online) on_first_response(unit);
  for (std::size_t input = 0; input < counts.size(); ++input) {
    report_missed_pulses(unit, input, levels[input], counts[input]);
    set_level(unit, input, levels[input]);
  }
  check_outputs(unit, levels);
  online(unit);
  const MutexLock lock(mutex_);
  ++stats_.polls;
  poll_ms_.add(since_ms(start));
  return true;
}

bool Bus::read_all(Unit& unit, bool orders_first, std::vector<Level>& levels, std::vector<std::optional<int>>& counts,
                   std::uint64_t& epoch) {
  for (const PollRange& range : unit.ranges) {
    if (orders_first) serve_orders();
    const Answer answer = ask(unit, request(range.function, range.start, range.count));
    if (answer.kind == Answer::Kind::exception && answer.code == 6)
      return failed(unit, answer.detail + ": it cannot keep up; a larger poll_ms in its [[bus]] asks it less often"), false;
    if (answer.kind == Answer::Kind::exception)
      return failed(unit, fmt::format("{} on reading {} from address {}; does profile \"{}\" fit this device?",
                                      answer.detail, range.count, range.start, unit.settings->profile.name)),
             false;
    if (!answer.ok()) return failed(unit, answer.detail), false;
    if (&range == &unit.ranges.front()) epoch = unit.epoch;
    const std::uint8_t* data = answer.data.data();
    for (const auto& bit : range.bits)
      levels[bit.signal] = is_set(range, bit, data) == bit.on_when_set ? Level::on : Level::off;
    for (const auto& count : range.counts) counts[count.signal] = word_at(data, count.offset);
  }
  return true;
}

// A pulse between two polls is found by the board's own counter and reported as the level changes that it was. Counter and
// level are read one after the other, so the counter may be one edge behind what was reported; a counter that goes back is
// not trusted.
void Bus::report_missed_pulses(Unit& unit, std::size_t input, Level now, std::optional<int> counted) {
  Signal& known = unit.signals[input];
  if (!counted) return;
  constexpr int most_missed = 20;  // more in one poll means a restarted board or a chattering line
  const bool on_when_set = unit.settings->profile.inputs[input].on_when_set;
  const Level low = on_when_set ? Level::off : Level::on;
  const bool rises = known.level == low && now != low;
  const int new_edges = known.counted ? (*counted - *known.counted) & 0xFFFF : 0;
  known.counted = counted;
  if (known.level == Level::unknown || !known.reported || new_edges > most_missed) {
    known.reported = 0;
    return;
  }
  // reported: edges reported beyond those counted.
  int missed = new_edges - *known.reported - (rises ? 1 : 0);
  known.reported = missed < 0 ? -missed : 0;
  const Level rest = known.level;
  for (; missed > 0; --missed) {
    set_level(unit, input, rest == Level::on ? Level::off : Level::on);
    set_level(unit, input, rest);
  }
}

void Bus::set_level(Unit& unit, std::size_t signal, Level level, bool unordered) {
  Signal& known = unit.signals[signal];
  if (known.level == level && !unordered) return;
  known.level = level;
  if (level == Level::unknown) known.counted.reset(), known.reported.reset();
  sink_.level({known.name, level, boot_now(), unordered});
}

// Call after the levels are reported: those of a controller that is online are known.
void Bus::online(Unit& unit) {
  unit.failures = 0;
  if (unit.online && unit.reported) return;
  unit.online = unit.reported = true;
  unit.detail = "answers";
  sink_.health({DeviceHealth::Kind::controller, unit.settings->id.str(), true, unit.detail, boot_now()});
}

// Nothing is known of the controller any more; reported at once, before any attempt to reconnect.
void Bus::lost(Unit& unit, const std::string& why) {
  ++unit.epoch;
  for (std::size_t signal = 0; signal < unit.signals.size(); ++signal) set_level(unit, signal, Level::unknown);
  const bool news = unit.online || !unit.reported || unit.detail != why;
  unit.online = false;
  unit.reported = true;
  unit.detail = why;
  if (news) sink_.health({DeviceHealth::Kind::controller, unit.settings->id.str(), false, why, boot_now()});
}

void Bus::failed(Unit& unit, const std::string& why) {
  lost(unit, why);
  unit.next_poll = Steady::now() + pause_after(++unit.failures, settings_.poll_interval);
}

void Bus::all_lost(const std::string& why) {
  for (Unit& unit : units_) {
    lost(unit, why);
    unit.failures = 0;
    unit.next_poll = Steady::now();
  }
}

}  // namespace modbus

namespace {

std::string mistake_in(const BusSettings& settings) {
  const bool serial = settings.kind == BusSettings::Kind::rtu;
  if (serial && settings.device.empty()) return "device is empty; write the serial port";
  if (!serial && settings.host.empty()) return "host is empty; write the controller's address";
  if (!serial && (settings.port < 1 || settings.port > 65535)) return "port must be 1 to 65535";
  if (settings.response_timeout < Millis(10) || settings.response_timeout > Millis(5000))
    return "response timeout must be 10 to 5000 ms";
  if (settings.settle < Millis(0) || settings.settle > Millis(5000)) return "settle must be 0 to 5000 ms";
  if (settings.poll_interval < Millis(5) || settings.poll_interval > Millis(1000))
    return "poll interval must be 5 to 1000 ms";
  if (settings.controllers.empty()) return "has no controllers";
  const int most = settings.kind == BusSettings::Kind::tcp ? 255 : 247;  // on a serial line 0 is the broadcast
  std::set<std::string> ids;
  std::set<int> units;
  for (const auto& controller : settings.controllers) {
    const auto& id = controller.id.str();
    if (!ids.insert(id).second) return fmt::format("controller \"{}\" is there twice", id);
    if (controller.unit < (most == 255 ? 0 : 1) || controller.unit > most)
      return fmt::format("unit {} of controller \"{}\" must be {} to {}", controller.unit, id, most == 255 ? 0 : 1, most);
    if (!units.insert(controller.unit).second)
      return fmt::format("unit {} of controller \"{}\" is taken by another", controller.unit, id);
    if (controller.profile.inputs.empty() && controller.profile.outputs.empty())
      return fmt::format("controller \"{}\" has a profile without inputs and outputs", id);
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<ControllerBus>> ControllerBus::create(BusSettings settings, DeviceSink& sink) {
  if (const std::string mistake = mistake_in(settings); !mistake.empty())
    return fail(ErrorKind::bad_input, fmt::format("bus \"{}\": {}", settings.id.str(), mistake));
  return std::make_unique<modbus::Bus>(std::move(settings), sink);
}

}  // namespace gapura::drivers
