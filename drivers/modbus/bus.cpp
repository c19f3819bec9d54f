// SPDX-License-Identifier: Apache-2.0
// The life of the bus thread: polls, health, and the connection. Orders are in orders.cpp.
#include "drivers/modbus/bus.h"

#include <fmt/format.h>

#include <set>

namespace gapura::drivers {
namespace modbus {
namespace {

constexpr Millis connect_pause_first{200}, connect_pause_most{2000};

// A controller that does not answer costs everybody on its bus one response timeout per try: tries become rare.
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
      // Release all at start: a gateway that died during a pulse of its own timing must not leave a door open.
      unit.releases.push_back({!output.pulse_address.has_value(), Steady::now()});
    }
    units.push_back(std::move(unit));
  }
  return units;
}

Bus::Bus(BusSettings settings, DeviceSink& sink)
    : settings_(std::move(settings)),
      sink_(sink),
      outputs_(name_outputs(settings_)),
      connection_(settings_.host, settings_.port, settings_.response_timeout),
      units_(make_units(settings_)),
      worker_([this] { run(); }) {}

Bus::~Bus() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  worker_.join();
}

BusStats Bus::stats() const {
  std::lock_guard lock(mutex_);
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
    std::lock_guard lock(mutex_);
    return stopping_;
  };
  while (!stopping()) {
    if (serve_orders()) continue;
    serve_releases();
    const auto now = Steady::now();
    const auto first = std::ranges::min_element(units_, {}, &Unit::next_poll);
    const bool may_connect = connection_.is_open() || next_connect_ <= now;
    if (first->next_poll <= now && may_connect)
      poll(*first, true);
    else
      wait_for_work();
  }
}

// When the worker has something to do besides orders.
Steady::time_point Bus::next_work() const {
  auto next = std::ranges::min_element(units_, {}, &Unit::next_poll)->next_poll;
  if (!connection_.is_open()) next = std::max(next, next_connect_);
  for (const Unit& unit : units_)
    for (const Release& release : unit.releases)
      if (release.pending) next = std::min(next, release.due);
  return next;
}

void Bus::wait_for_work() {
  const auto next = next_work();
  std::unique_lock lock(mutex_);
  auto until = next;
  for (const Pending& pending : orders_) until = std::min(until, pending.try_at);
  if (!stopping_ && until > Steady::now()) wake_.wait_until(lock, until);
}

// True when connected. A failure is every controller's.
bool Bus::connect() {
  if (connection_.is_open()) return true;
  const std::string why = connection_.open();
  const bool up = why.empty();
  {
    std::lock_guard lock(mutex_);
    stats_.online = up;
    stats_.detail = why;
    if (up && ever_connected_) ++stats_.reconnects;
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

// Asks a controller. A connection that turns out to be stale before anything was sent is opened anew, once.
Answer Bus::ask(Unit& unit, std::span<const std::uint8_t> pdu) {
  Answer answer;
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
      std::lock_guard lock(mutex_);
      ++stats_.errors;
    }
    // The device hung up between two questions: it restarted, and all it said before is history.
    if (answer.peer_closed) all_lost(answer.detail);
    if (answer.was_sent()) break;
  }
  return answer;
}

// Reads everything of one controller; true when it is online afterwards.
bool Bus::poll(Unit& unit, bool orders_first) {
  const auto start = Steady::now();
  if (!connect()) return false;
  Answer answer;
  if (!unit.online)
    if (const std::string why = wrong_identity(unit, answer); !why.empty()) return failed(unit, why), false;
  std::uint64_t epoch = 0;
  std::vector<Level> levels(unit.signals.size(), Level::unknown);
  for (const PollRange& range : unit.ranges) {
    if (orders_first) serve_orders();
    answer = ask(unit, request(range.function, range.start, range.count));
    if (answer.kind == Answer::Kind::exception)
      return failed(unit, fmt::format("{} on reading {} from address {}; does profile \"{}\" fit this device?",
                                      answer.detail, range.count, range.start, unit.settings->profile.name)),
             false;
    if (!answer.ok()) return failed(unit, answer.detail), false;
    if (&range == &unit.ranges.front()) epoch = unit.epoch;
    for (const auto& bit : range.bits)
      levels[bit.signal] = bit_at(range, bit.offset, answer.data.data()) == bit.on_when_set ? Level::on : Level::off;
  }
  // An order or a loss in between makes the first reads old news: read again at once.
  if (unit.epoch != epoch) return unit.next_poll = Steady::now(), unit.online;
  unit.next_poll = std::max(start + settings_.poll_interval, Steady::now());
  online(unit);
  for (std::size_t signal = 0; signal < levels.size(); ++signal) set_level(unit, signal, levels[signal]);
  std::lock_guard lock(mutex_);
  ++stats_.polls;
  poll_ms_.add(since_ms(start));
  return true;
}

// Empty when the controller is the one that the profile describes.
std::string Bus::wrong_identity(Unit& unit, Answer& answer) {
  const auto& identity = unit.settings->profile.identity;
  if (!identity) return {};
  answer = ask(unit, request(3, identity->first, 1));
  if (!answer.ok()) return answer.detail;
  const int found = answer.data[1] << 8 | answer.data[2];
  if (found == identity->second) return {};
  return fmt::format("register {} reads {} where profile \"{}\" expects {}: another kind of device has this address",
                     identity->first, found, unit.settings->profile.name, identity->second);
}

void Bus::set_level(Unit& unit, std::size_t signal, Level level) {
  Signal& known = unit.signals[signal];
  if (known.level == level) return;
  known.level = level;
  sink_.level({known.name, level, boot_now()});
}

void Bus::online(Unit& unit) {
  unit.failures = 0;
  if (unit.online && unit.reported) return;
  unit.online = unit.reported = true;
  unit.detail = "answers";
  sink_.health({DeviceHealth::Kind::controller, unit.settings->id.str(), true, unit.detail, boot_now()});
}

// What was known of the controller no longer is; said at once, before anything is tried.
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

Result<std::unique_ptr<ControllerBus>> ControllerBus::create(BusSettings settings, DeviceSink& sink) {
  const auto wrong = [&](const std::string& what) {
    return fail(ErrorKind::bad_input, fmt::format("bus \"{}\": {}", settings.id.str(), what));
  };
  if (settings.host.empty()) return wrong("host is empty; write the controller's address");
  if (settings.port < 1 || settings.port > 65535) return wrong("port must be 1 to 65535");
  if (settings.response_timeout < Millis(10) || settings.response_timeout > Millis(5000))
    return wrong("response timeout must be 10 to 5000 ms");
  if (settings.poll_interval < Millis(5) || settings.poll_interval > Millis(1000))
    return wrong("poll interval must be 5 to 1000 ms");
  if (settings.controllers.empty()) return wrong("has no controllers");
  std::set<std::string> ids;
  std::set<int> units;
  for (const auto& controller : settings.controllers) {
    const auto& id = controller.id.str();
    if (!ids.insert(id).second) return wrong(fmt::format("controller \"{}\" is there twice", id));
    if (controller.unit < 0 || controller.unit > 255)
      return wrong(fmt::format("unit {} of controller \"{}\" must be 0 to 255", controller.unit, id));
    if (!units.insert(controller.unit).second)
      return wrong(fmt::format("unit {} of controller \"{}\" is taken by another", controller.unit, id));
    if (controller.profile.inputs.empty() && controller.profile.outputs.empty())
      return wrong(fmt::format("controller \"{}\" has a profile without inputs and outputs", id));
  }
  return std::make_unique<modbus::Bus>(std::move(settings), sink);
}

}  // namespace gapura::drivers
