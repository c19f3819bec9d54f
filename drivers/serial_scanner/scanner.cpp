// SPDX-License-Identifier: Apache-2.0
// The thread of every scanner: open, read until the device is gone, wait for it to come back.
#include "drivers/scanner.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <thread>

#include "drivers/mutex.h"
#include "drivers/serial_scanner/hot_plug.h"
#include "drivers/serial_scanner/scan_source.h"
#include "drivers/serial_scanner/serial_line.h"

namespace gapura::drivers {
namespace {

constexpr Millis retry{1000};  // where the device's return cannot be watched

class Supervised final : public Scanner {
 public:
  Supervised(ScannerSettings settings, DeviceSink& sink)
      : settings_(std::move(settings)), sink_(sink), stop_(eventfd(0, EFD_CLOEXEC)), thread_([this] { run(); }) {}
  ~Supervised() override {
    const std::uint64_t one = 1;
    (void)!::write(stop_, &one, sizeof one);
    thread_.join();
    ::close(stop_);
  }
  const ScannerSettings& settings() const override { return settings_; }
  ScannerStats stats() const override {
    const MutexLock lock(mutex_);
    return stats_;
  }

 private:
  void run() {
    HotPlug plug(settings_.device);
    bool was_open = false;
    for (;;) {
      auto source =
          settings_.kind == ScannerSettings::Kind::hid ? open_hid_scanner(settings_) : open_serial_scanner(settings_);
      if (source) {
        if (was_open) count(&ScannerStats::reconnects);
        was_open = true;
        report_health(true, (*source)->name());
        const Status over = serve(**source);
        if (over) return;  // stopped
        report_health(false, over.error().message);
      } else {
        report_health(false, source.error().message);
      }
      if (!plug.wait(stop_, retry)) return;
    }
  }

  // Returns success when stopped, and the reason when the device is gone. A partial scan is dropped with its device.
  Status serve(ScanSource& source) {
    ScanFramer framer(settings_.frame);
    const auto report = [this](Scan scan) { this->report(std::move(scan)); };
    for (;;) {
      std::array<pollfd, 2> ready{pollfd{stop_, POLLIN, 0}, pollfd{source.fd(), POLLIN, 0}};
      const int count = poll(ready.data(), 2, framer.waits() ? static_cast<int>(settings_.frame.gap.count()) : -1);
      if (ready[0].revents != 0) return {};
      if (count == 0)
        if (auto scan = framer.silence()) report(std::move(*scan));
      if (count <= 0 || ready[1].revents == 0) continue;
      if (auto read = source.read(framer, report); !read) {
        framer.spoil(ScanFault::incomplete);
        if (auto scan = framer.waits() ? framer.silence() : std::nullopt; scan && !scan->payload.empty())
          report(std::move(*scan));
        return read;
      }
    }
  }

  void report(Scan scan) {
    count(&ScannerStats::reads);
    if (scan.fault != ScanFault::none) count(&ScannerStats::refused);
    BadgeRead read;
    read.reader = settings_.id;
    read.payloads = {std::move(scan.payload)};
    read.captured = boot_now();
    read.fault = scan.fault;
    sink_.badge_read(std::move(read));
  }

  void count(std::uint64_t ScannerStats::*counter) {
    const MutexLock lock(mutex_);
    ++(stats_.*counter);
  }

  // Called on every change, of the state or of its reason.
  void report_health(bool online, const std::string& detail) {
    {
      const MutexLock lock(mutex_);
      if (reported_ && stats_.online == online && stats_.detail == detail) return;
      reported_ = true;
      stats_.online = online;
      stats_.detail = detail;
    }
    sink_.health({DeviceHealth::Kind::scanner, settings_.id.str(), online, detail, boot_now()});
  }

  // Constant after construction
  const ScannerSettings settings_;
  DeviceSink& sink_;
  const int stop_;
  // Held for a moment
  mutable Mutex mutex_;
  ScannerStats stats_ GUARDED_BY(mutex_);
  bool reported_ GUARDED_BY(mutex_) = false;
  std::thread thread_;  // last: it uses everything above
};

}  // namespace

Result<std::unique_ptr<Scanner>> Scanner::create(ScannerSettings settings, DeviceSink& sink) {
  if (settings.kind == ScannerSettings::Kind::serial && !is_baud(settings.baud))
    return fail(ErrorKind::bad_input, fmt::format("{} baud is no speed of a serial line", settings.baud));
  if (settings.device.empty() && !settings.usb)
    return fail(ErrorKind::bad_input, "a scanner needs the path of its device or its USB number");
  return std::make_unique<Supervised>(std::move(settings), sink);
}

}  // namespace gapura::drivers
