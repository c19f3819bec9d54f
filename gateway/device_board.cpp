// SPDX-License-Identifier: Apache-2.0
#include "gateway/device_board.h"

namespace gapura::gateway {
namespace {

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

// For the technician; the guard's own step stands before it on the screen.
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

void DeviceBoard::health(DeviceHealth health) {
  {
    const std::lock_guard lock(mutex_);
    DeviceView& view = known_[health.device];
    if (view.id.empty() || view.online != health.online) view.since = clock_.now().utc;
    view.id = health.device;
    view.kind = word(health.kind);
    view.online = health.online;
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
  const std::lock_guard lock(mutex_);
  for (const auto& detector : detectors) {
    DeviceView& view = known_[detector.id.str()];
    const bool online = detector.trouble.empty();
    if (view.id.empty() || view.online != online) view.since = clock_.now().utc;
    view.id = detector.id.str();
    view.kind = word(DeviceHealth::Kind::detector);
    view.online = online;
    view.detail = sentence(detector.trouble);
  }
  for (const auto& [id, view] : known_) {
    views.push_back(view);
    views.back().stats = numbers[id];
  }
  return views;
}

}  // namespace gapura::gateway
