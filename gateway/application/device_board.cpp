// SPDX-License-Identifier: Apache-2.0
#include "gateway/application/device_board.h"

namespace gapura::gateway {
namespace {

constexpr Millis minute{60'000};
constexpr std::size_t most_outages = 6000;  // in a minute; a hundred a second

std::map<std::string, double> camera_numbers(const drivers::CameraStats& stats) {
  std::map<std::string, double> numbers{{"fps", stats.fps},
                                        {"frames", static_cast<double>(stats.frames)},
                                        {"dropped", static_cast<double>(stats.dropped)},
                                        {"late", static_cast<double>(stats.late)},
                                        {"reads", static_cast<double>(stats.reads)},
                                        {"restarts", static_cast<double>(stats.restarts)},
                                        {"decode_ms", stats.decode_ms},
                                        {"search_ms", stats.search_ms},
                                        {"cpu", stats.cpu},
                                        {"width", stats.width},
                                        {"height", stats.height},
                                        {"landmarks", stats.landmarks},
                                        {"frame_age_ms", static_cast<double>(stats.frame_age.count())}};
  if (stats.last_read)
    numbers["last_read_s"] = std::chrono::duration<double>(drivers::boot_now() - *stats.last_read).count();
  return numbers;
}

std::map<std::string, double> bus_numbers(const drivers::BusStats& stats) {
  return {{"polls", static_cast<double>(stats.polls)},
          {"orders", static_cast<double>(stats.orders)},
          {"errors", static_cast<double>(stats.errors)},
          {"reconnects", static_cast<double>(stats.reconnects)},
          {"poll_ms_p50", stats.poll_ms_p50},
          {"poll_ms_p99", stats.poll_ms_p99},
          {"order_ms_p50", stats.order_ms_p50},
          {"order_ms_p99", stats.order_ms_p99}};
}

std::map<std::string, double> scanner_numbers(const drivers::ScannerStats& stats) {
  return {{"reads", static_cast<double>(stats.reads)},
          {"refused", static_cast<double>(stats.refused)},
          {"reconnects", static_cast<double>(stats.reconnects)}};
}

std::map<std::string, double> printer_numbers(const drivers::PrinterStats& stats) {
  return {{"jobs", static_cast<double>(stats.jobs)}, {"failed", static_cast<double>(stats.failed)}};
}

// For the technician; the screen shows the guard's next step before it.
std::string sentence(const std::string& trouble) {
  if (trouble == "fault_line") return "it reports a fault";
  if (trouble == "not_ready") return "it is not ready: no power, or it is still starting";
  if (trouble == "contradictory") return "two of its lines contradict each other: look at the wiring and at its relays";
  if (trouble == "stuck_alarm")
    return "its alarm line has been on for ten minutes: a stuck relay, a short, or metal left in it";
  if (trouble == "stuck_passage") return "its passage line has been on for ten minutes: look at the beam and its relay";
  return trouble.empty() ? "its lines are plausible" : trouble;
}

}  // namespace

// The caller holds the mutex.
DeviceView& DeviceBoard::learn(const std::string& id, DeviceHealth::Kind kind, bool online) {
  Known& known = known_[id];
  DeviceView& view = known.view;
  if (view.id.empty() || view.online != online) {
    const Now now = clock_.now();
    view.since = now.utc;
    if (!online && view.online) known.outages.push_back(now.boot);
    if (known.outages.size() > most_outages) known.outages.pop_front();
  }
  view.id = id;
  view.kind = word(kind);
  view.online = online;
  return view;
}

void DeviceBoard::expect(const std::string& id, DeviceHealth::Kind kind) {
  const MutexLock lock(mutex_);
  learn(id, kind, false).detail = "it has not reported since the gateway started; wait a few seconds";
}

void DeviceBoard::health(DeviceHealth health) {
  {
    const MutexLock lock(mutex_);
    DeviceView& view = learn(health.device, health.kind, health.online);
    view.detail = health.detail;
    view.fault = health.fault;
  }
  next_.health(std::move(health));
}

std::vector<DeviceView> DeviceBoard::views(const std::vector<std::unique_ptr<drivers::Camera>>& cameras,
                                           const std::vector<std::unique_ptr<drivers::ControllerBus>>& buses,
                                           const std::vector<std::unique_ptr<drivers::Scanner>>& scanners,
                                           const std::vector<std::unique_ptr<drivers::Printer>>& printers,
                                           const std::vector<DetectorView>& detectors) {
  std::map<std::string, std::map<std::string, double>> numbers;
  for (const auto& camera : cameras) numbers[camera->settings().id.str()] = camera_numbers(camera->stats());
  for (const auto& bus : buses) {
    const auto shared = bus_numbers(bus->stats());
    for (const auto& controller : bus->settings().controllers) numbers[controller.id.str()] = shared;
  }
  for (const auto& scanner : scanners) numbers[scanner->settings().id.str()] = scanner_numbers(scanner->stats());
  for (const auto& printer : printers) numbers[printer->settings().id] = printer_numbers(printer->stats());
  std::vector<DeviceView> views;
  const MutexLock lock(mutex_);
  for (const auto& detector : detectors) {
    learn(detector.id.str(), DeviceHealth::Kind::detector, detector.trouble.empty()).detail = sentence(detector.trouble);
  }
  const BootTime now = clock_.now().boot;
  for (auto& [id, known] : known_) {
    while (!known.outages.empty() && now - known.outages.front() >= minute) known.outages.pop_front();
    views.push_back(known.view);
    views.back().outages = static_cast<int>(known.outages.size());
    views.back().stats = numbers[id];
  }
  return views;
}

}  // namespace gapura::gateway
