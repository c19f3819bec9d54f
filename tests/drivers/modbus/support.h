// SPDX-License-Identifier: Apache-2.0
// A sink that keeps reports, and a bus wired to a simulated one.
#pragma once

#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "drivers/door_controller.h"
#include "drivers/reader.h"
#include "simulated/devices/modbus_device.h"
#include "support/wait_until.h"

namespace gapura::test {

using drivers::boot_now;
using tests::patience;
using tests::wait_until;

class RecordingSink : public drivers::DeviceSink {
 public:
  void badge_read(BadgeRead) override {}
  void level(LevelReport report) override {
    std::lock_guard lock(mutex_);
    now_[report.signal] = report.level;
    levels_.push_back(std::move(report));
    changed_.notify_all();
  }
  void pulse_done(PulseReport report) override {
    std::lock_guard lock(mutex_);
    pulses_.push_back(std::move(report));
    changed_.notify_all();
  }
  void health(DeviceHealth report) override {
    std::lock_guard lock(mutex_);
    online_[report.device] = report.online;
    health_.push_back(std::move(report));
    changed_.notify_all();
  }

  // The predicate runs under the lock and may use the members below.
  bool wait_for(const std::function<bool()>& predicate, Millis limit = patience) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, limit, predicate);
  }
  bool wait_level(const std::string& signal, Level level, Millis limit = patience) {
    return wait_for([&] { return now_.contains(signal) && now_[signal] == level; }, limit);
  }
  bool wait_online(const std::string& device, bool online, Millis limit = patience) {
    return wait_for([&] { return online_.contains(device) && online_[device] == online; }, limit);
  }
  PulseReport wait_pulse(std::uint64_t intent, Millis limit = patience) {
    std::unique_lock lock(mutex_);
    PulseReport found;
    found.detail = "no report came";
    changed_.wait_for(lock, limit, [&] {
      for (const auto& report : pulses_)
        if (report.intent == intent) return found = report, true;
      return false;
    });
    return found;
  }
  std::vector<LevelReport> levels_of(const std::string& signal) {
    std::lock_guard lock(mutex_);
    std::vector<LevelReport> found;
    for (const auto& report : levels_)
      if (report.signal == signal) found.push_back(report);
    return found;
  }
  std::vector<DeviceHealth> health_of(const std::string& device) {
    std::lock_guard lock(mutex_);
    std::vector<DeviceHealth> found;
    for (const auto& report : health_)
      if (report.device == device) found.push_back(report);
    return found;
  }
  std::vector<PulseReport> pulses() {
    std::lock_guard lock(mutex_);
    return pulses_;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, Level> now_;
  std::map<std::string, bool> online_;
  std::vector<LevelReport> levels_;
  std::vector<PulseReport> pulses_;
  std::vector<DeviceHealth> health_;
};

inline drivers::ControllerProfile shipped(const std::string& name) {
  auto profile = drivers::load_controller_profile(GAPURA_SOURCE_DIR "/config/controllers/" + name + ".toml");
  return profile ? *profile : throw std::runtime_error(profile.error().message);
}

inline drivers::BusSettings settings_for(int port) {
  drivers::BusSettings settings;
  settings.id = BusId("lan");
  settings.host = "127.0.0.1";
  settings.port = port;
  settings.poll_interval = Millis(10);
  return settings;
}

// The other end of a line, for tests that run at the same time in several processes.
inline simulated::LinePlan plan_for(simulated::LinePlan::Wire wire, int baud = 0) {
  static std::atomic<int> number{0};
  simulated::LinePlan plan;
  plan.wire = wire;
  plan.baud = baud;
  if (wire == simulated::LinePlan::Wire::rtu)
    plan.link =
        std::string(GAPURA_BINARY_DIR) + "/modbus_line_" + std::to_string(getpid()) + "_" + std::to_string(number++);
  return plan;
}

inline drivers::BusSettings bus_on(const simulated::SimulatedBus& device, simulated::LinePlan::Wire wire,
                                   Millis response_timeout = Millis(300)) {
  using Kind = drivers::BusSettings::Kind;
  auto settings = settings_for(device.port());
  settings.response_timeout = response_timeout;
  settings.kind = wire == simulated::LinePlan::Wire::tcp   ? Kind::tcp
                  : wire == simulated::LinePlan::Wire::rtu ? Kind::rtu
                                                           : Kind::rtu_over_tcp;
  settings.device = device.path();
  settings.baud = 115200;
  return settings;
}

// A turnstile on unit 1 ("gate"), a door on unit 2 ("door"), a detector on unit 3 ("wtmd"), as shipped.
struct Site {
  simulated::SimulatedBus device;
  RecordingSink sink;
  std::unique_ptr<drivers::ControllerBus> bus;

  Site() : Site(simulated::LinePlan{}) {}
  explicit Site(simulated::LinePlan plan) : device(std::move(plan)) {
    device.add_turnstile(1);
    device.add_door(2);
    device.add_detector(3);
  }
  drivers::BusSettings settings() const {
    auto all = settings_for(device.port());
    all.controllers = {{ControllerId("gate"), 1, shipped("turnstile")},
                       {ControllerId("door"), 2, shipped("door")},
                       {ControllerId("wtmd"), 3, shipped("metal_detector")}};
    return all;
  }
  // Starts the driver and waits until all three controllers respond.
  bool start() { return start(settings()); }
  bool start(drivers::BusSettings chosen) {
    auto made = drivers::ControllerBus::create(std::move(chosen), sink);
    if (!made) throw std::runtime_error(made.error().message);
    bus = std::move(*made);
    for (const auto& controller : bus->settings().controllers) {
      if (!sink.wait_online(controller.id.str(), true)) return false;
      const auto& profile = controller.profile;
      for (const auto& input : profile.inputs)
        if (!sink.wait_for([&] { return sink.now_.contains(controller.id.str() + "." + input.name); })) return false;
    }
    return true;
  }
  PulseReport pulse(const std::string& signal, Millis length = Millis(500), Millis deadline = Millis(10'000)) {
    const auto intent = ++last_intent;
    bus->pulse({intent, signal, length, boot_now() + deadline});
    return sink.wait_pulse(intent);
  }
  std::uint64_t last_intent = 0;
};

// The same on a line of any kind.
struct LineSite : Site {
  explicit LineSite(simulated::LinePlan::Wire kind, int speed = 0) : Site(plan_for(kind, speed)), wire(kind), baud(speed) {}
  bool start() {
    auto chosen = bus_on(device, wire, response_timeout);
    chosen.controllers = settings().controllers;
    if (baud > 0) chosen.baud = baud;
    return Site::start(chosen);
  }
  const simulated::LinePlan::Wire wire;
  const int baud;
  Millis response_timeout{300};
};

}  // namespace gapura::test
